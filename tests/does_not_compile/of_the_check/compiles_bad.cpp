// This compiles, although its name says it does not.
int compiles = 1;
