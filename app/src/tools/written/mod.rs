//! The text tool: a written answer.
