# Writes OUTPUT, a source file that defines kCommit (harness/report/build_info.h), where it would change: the commit of
# the repository FOLDER as git describes it, or "unknown" where FOLDER is none by itself. Run as a script:
# cmake -DFOLDER=… -DOUTPUT=… -P
set(commit unknown)
find_program(GIT git)
if(GIT)
  # The tree may lie in a repository of other things: only the top of a repository has no prefix.
  execute_process(COMMAND ${GIT} -C ${FOLDER} rev-parse --show-prefix
                  RESULT_VARIABLE failed OUTPUT_VARIABLE prefix ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(failed EQUAL 0 AND "${prefix}" STREQUAL "")
    execute_process(COMMAND ${GIT} --no-optional-locks -C ${FOLDER} describe --always --tags --dirty --abbrev=12
                    RESULT_VARIABLE failed OUTPUT_VARIABLE described ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(failed EQUAL 0)
      set(commit ${described})
    endif()
  endif()
endif()
# Leaves a file that says the same as it is, so that nothing is compiled anew.
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT "#include \"harness/report/build_info.h\"

namespace faultline {

const char* const kCommit = \"${commit}\";

}  // namespace faultline
")
