"""Stand-in for api.openai.com: chat completions (stored ones too), responses, images, models."""
