"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const { starts, ends, offsets, lengths, first } = JSON.parse(byId("words").textContent);
  const paragraphs = document.getElementsByClassName("words");
  const audio = byId("audio");
  const follow = byId("follow");
  const GRACE_MS = 300;

  // Playing order: recognisers do give words out of order.
  const order = starts.map((_, word) => word).sort((a, b) => starts[a] - starts[b]);
  const sorted = order.map((word) => starts[word]);

  /* How many of the ascending values are at most the wanted one. */
  const countUpTo = (values, wanted, low = 0, high = values.length) => {
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[middle] <= wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  const paragraphOf = (word) => countUpTo(first, word) - 1;

  const rangeOf = (paragraph, from, length) => {
    // Parsers cut very long text into several nodes.
    if (paragraphs[paragraph].childNodes.length > 1) paragraphs[paragraph].normalize();
    const text = paragraphs[paragraph].firstChild;
    const range = new Range();
    range.setStart(text, from);
    range.setEnd(text, from + length);
    return range;
  };

  const rangeOfWord = (word) => rangeOf(paragraphOf(word), offsets[word], lengths[word]);

  /* The word spoken at a time, or -1 in a silence. */
  const wordAt = (ms) => {
    const last = countUpTo(sorted, ms) - 1;
    if (last < 0) return -1;
    for (let place = last; place >= 0 && place > last - 8; place--) {
      if (ms < ends[order[place]]) return order[place];
    }
    return ms < ends[order[last]] + GRACE_MS ? order[last] : -1;
  };

  // Browsers without highlights get the whole paragraph marked instead of the word.
  const canHighlight = typeof Highlight === "function" && "highlights" in CSS;
  const layer = (name, priority) => {
    if (!canHighlight) return new Set();
    const highlight = new Highlight();
    highlight.priority = priority;
    CSS.highlights.set(name, highlight);
    return highlight;
  };
  const found = layer("found", 0);
  const chosen = layer("chosen", 1);
  const spoken = layer("spoken", 2);

  let lit = -1;
  let litParagraph = -1;
  let isFollowing = true;
  const light = (word) => {
    if (word === lit) return;
    lit = word;
    spoken.clear();
    const paragraph = word < 0 ? -1 : paragraphOf(word);
    if (!canHighlight && paragraph !== litParagraph) {
      paragraphs[litParagraph]?.classList.remove("spoken-turn");
      paragraphs[paragraph]?.classList.add("spoken-turn");
    }
    if (word < 0) return;
    spoken.add(rangeOfWord(word));
    const isNewParagraph = paragraph !== litParagraph;
    litParagraph = paragraph;
    if (isFollowing) keepInView(word, isNewParagraph);
  };

  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const keepInView = (word, mayBeFar) => {
    if (mayBeFar) paragraphs[paragraphOf(word)].scrollIntoView({ block: "nearest" });
    const box = rangeOfWord(word).getBoundingClientRect();
    if (box.top > 110 && box.bottom < innerHeight - 140) return;
    scrollBy({
      top: box.top - innerHeight / 3,
      behavior: calm.matches || mayBeFar ? "auto" : "smooth",
    });
  };

  const setFollowing = (value) => {
    isFollowing = value;
    follow.hidden = value || !audio;
  };

  if (audio) {
    let frame = 0;
    const show = () => light(wordAt(Math.round(audio.currentTime * 1000)));
    const step = () => {
      show();
      frame = audio.paused ? 0 : requestAnimationFrame(step);
    };
    for (const event of ["play", "playing"]) {
      audio.addEventListener(event, () => { frame ||= requestAnimationFrame(step); });
    }
    audio.addEventListener("seeked", show);
    audio.addEventListener("timeupdate", show);
    for (const event of ["wheel", "touchmove"]) {
      addEventListener(event, () => { if (!audio.paused) setFollowing(false); }, { passive: true });
    }
    const speed = byId("speed");
    speed.addEventListener("change", () => { audio.playbackRate = Number(speed.value); });
    // The player's own menu and the browser's keys change the speed as well.
    audio.addEventListener("ratechange", () => { speed.value = String(audio.playbackRate); });
    follow.addEventListener("click", () => {
      setFollowing(true);
      if (lit >= 0) keepInView(lit, true);
    });
  }

  const seek = (seconds) => {
    if (audio) audio.currentTime = Math.max(0, Math.min(seconds, audio.duration || seconds));
  };
  const toggle = () => {
    if (!audio) return;
    if (audio.paused) audio.play().catch(() => {});
    else audio.pause();
  };

  /* Where in the text a click fell: text node and offset. */
  const caretAt = (x, y) => {
    if (document.caretPositionFromPoint) {
      const caret = document.caretPositionFromPoint(x, y);
      return caret && [caret.offsetNode, caret.offset];
    }
    const range = document.caretRangeFromPoint?.(x, y);
    return range && [range.startContainer, range.startOffset];
  };

  let numbers = null;
  const numberOf = (element) => {
    numbers ??= new Map(Array.from(paragraphs, (one, number) => [one, number]));
    return numbers.get(element);
  };

  byId("transcript").addEventListener("click", (event) => {
    if (event.target.matches("button.time")) {
      const turn = event.target.closest(".turn").querySelector(".words");
      seek(starts[first[numberOf(turn)]] / 1000);
      setFollowing(true);
      audio.play().catch(() => {});
      return;
    }
    if (!getSelection().isCollapsed) return;
    const caret = caretAt(event.clientX, event.clientY);
    const paragraph = caret && numberOf(caret[0].parentElement);
    if (paragraph === undefined || paragraph === null) return;
    const low = first[paragraph];
    const word = countUpTo(offsets, caret[1], low, first[paragraph + 1]) - 1;
    seek(starts[Math.max(low, word)] / 1000);
    setFollowing(true);
  });

  const query = byId("query");
  const count = byId("count");
  let matches = [];
  let match = -1;

  const fold = (text) => {
    const folded = text.toLowerCase();
    if (folded.length === text.length) return folded;
    // Some signs become two, such as İ; they stay, so that places are the same in both.
    return Array.from(text, (sign) => {
      const small = sign.toLowerCase();
      return small.length === sign.length ? small : sign;
    }).join("");
  };
  let folded = null;

  const search = () => {
    const wanted = fold(query.value.trim());
    matches = [];
    match = -1;
    found.clear();
    chosen.clear();
    if (wanted) {
      folded ??= Array.from(paragraphs, (one) => fold(one.textContent));
      folded.forEach((text, paragraph) => {
        for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
          matches.push([paragraph, at]);
        }
      });
      // A mark for each of many thousands would slow down painting and help nobody.
      for (const [paragraph, at] of matches.slice(0, 2000)) {
        found.add(rangeOf(paragraph, at, wanted.length));
      }
    }
    byId("next").disabled = byId("previous").disabled = matches.length === 0;
    count.textContent = wanted ? count.dataset.found.replace("{count}", matches.length) : "";
  };

  const goTo = (step) => {
    if (!matches.length) return;
    match = match < 0 && step < 0 ? matches.length - 1 : (match + step + matches.length) % matches.length;
    const [paragraph, at] = matches[match];
    const range = rangeOf(paragraph, at, query.value.trim().length);
    chosen.clear();
    chosen.add(range);
    count.textContent = count.dataset.place
      .replace("{place}", match + 1)
      .replace("{count}", matches.length);
    setFollowing(false);
    paragraphs[paragraph].scrollIntoView({ block: "center" });
    scrollBy({ top: range.getBoundingClientRect().top - innerHeight / 3 });
  };

  query.addEventListener("input", search);
  byId("search").addEventListener("submit", (event) => {
    event.preventDefault();
    goTo(1);
  });
  byId("previous").addEventListener("click", () => goTo(-1));

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const target = event.target;
    if (target === query) {
      if (event.key === "Escape") {
        query.value = "";
        search();
        byId("transcript").focus();
      }
      return;
    }
    // Buttons and the player have their own use for these keys.
    if (target.closest("button, input, select, audio")) return;
    const now = audio ? audio.currentTime : 0;
    const keys = {
      " ": toggle,
      k: toggle,
      ArrowLeft: () => seek(now - 5),
      ArrowRight: () => seek(now + 5),
      j: () => seek(now - 10),
      l: () => seek(now + 10),
      "/": () => query.focus(),
    };
    const action = keys[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
})();
