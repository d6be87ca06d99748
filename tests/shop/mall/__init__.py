"""The demo mall: a small, stateful Chinese web shop for demonstrations and tests. It sells nothing."""
