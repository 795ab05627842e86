//! What a flow speaks, and the messages in it.
