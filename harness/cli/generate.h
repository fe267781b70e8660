// The files that the program generates for its installation: the man page, and the completions of
// shells. All of them follow from Commands() and from what is registered.
#pragma once

#include <string>

namespace faultline::cli {

// What Generate takes, as the help lists it: "man|bash|zsh|fish".
std::string GeneratedNames();

// The text of that name. Throws UsageError for any other name.
std::string Generate(const std::string& name);

std::string ManPage();         // for man(1), in the macros of man(7)
std::string BashCompletion();  // to be sourced, or to lie in bash-completion's folder
std::string ZshCompletion();   // to be sourced, or to lie in the fpath as _faultline
std::string FishCompletion();  // to be sourced, or to lie in vendor_completions.d

}  // namespace faultline::cli
