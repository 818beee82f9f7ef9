//! The words and rules of Terrace: types, schema, states, policy, geometry, agreement, sampling. Pure: no I/O, no clock, no
//! randomness of its own, no async; compiled for the server and for the browser alike.
