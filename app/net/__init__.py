"""The one way onto the network: service, model downloads and links take it. No Qt, no key."""
