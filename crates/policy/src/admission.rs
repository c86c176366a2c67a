//! Policies of the API server itself: `ValidatingAdmissionPolicy` and its bindings.
