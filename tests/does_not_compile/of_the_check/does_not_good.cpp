// Does not compile, although its name says it does.
int does_not = "compile";
