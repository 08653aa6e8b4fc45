//! merge (being built)
