"""The scripted officer of the demo: sits between the recorder and Chromium, and buys. No part of the recorder."""
