// This does not compile, and no compiler says what the expectation wants.
int does_not = "compile";
