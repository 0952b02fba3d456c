"""The use cases: the pipeline of one job and the queue of all. asyncio, no Qt."""
