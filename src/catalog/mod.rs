//! The models on sale: parameters, prices, wire names, short hashes.
