//! normalize (being built)
