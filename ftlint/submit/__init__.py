"""From a clean dataset to a tuned model: upload and job, each exactly once, through the openai package."""
