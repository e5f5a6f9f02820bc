"""What the outside must look like: facts, vocabulary, integrations, documents."""
