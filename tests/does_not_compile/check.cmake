# Compiles one snippet and looks at what the compiler says.
#   COMPILER, SNIPPET, ROOT; a snippet named *_bad.cpp must fail, and what the compiler says must
#   match the regular expression in *_bad.says beside it. Every other snippet must compile.
function(complain sentence)
  message(NOTICE "${SNIPPET} ${sentence}")
  message(FATAL_ERROR "the compiler said:\n${said}")
endfunction()

set(ENV{LC_ALL} C)
execute_process(
  COMMAND ${COMPILER} -std=c++20 -fsyntax-only -I${ROOT} ${SNIPPET}
  RESULT_VARIABLE result ERROR_VARIABLE said OUTPUT_VARIABLE said)
if(NOT SNIPPET MATCHES "_bad[.]cpp$")
  if(NOT result EQUAL 0)
    complain("must compile, and does not")
  endif()
  return()
endif()
string(REGEX REPLACE "[.]cpp$" ".says" expectation ${SNIPPET})
file(STRINGS ${expectation} expected LIMIT_COUNT 1)
if(result EQUAL 0)
  complain("compiles, and must not")
endif()
if(NOT said MATCHES "${expected}")
  complain("fails, but the message does not match '${expected}'")
endif()
