"""All that is chosen for one export, and how a transcript remembers it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.export.names import DEFAULT_TEMPLATE
from app.export.options import ExportOptions


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """How a transcript is to be written, and where to.

    Attributes:
        format_name: Which format.
        options: How it is written.
        folder: Where the file goes; empty for beside the recording.
        template: What it is called; see ``app/export/names.py``.
    """

    format_name: str = "txt"
    options: ExportOptions = field(default_factory=ExportOptions)
    folder: str = ""
    template: str = DEFAULT_TEMPLATE

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON can hold it."""
        return {
            "format": self.format_name,
            "options": self.options.to_dict(),
            "folder": self.folder,
            "template": self.template,
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, object]) -> ExportRequest | None:
        """Read a kept one; nothing if none was kept."""
        format_name = kept.get("format")
        if not isinstance(format_name, str) or not format_name:
            return None
        folder, template = kept.get("folder"), kept.get("template")
        return cls(
            format_name,
            ExportOptions.from_dict(kept.get("options")),
            folder if isinstance(folder, str) else "",
            template if isinstance(template, str) and template else DEFAULT_TEMPLATE,
        )
