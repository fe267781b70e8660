// What the parts of 'faultline trace' have in common.
#pragma once

#include <boost/program_options.hpp>
#include <string>

namespace faultline::cli {

// The option --file, which may be given several times.
void AddFileOption(boost::program_options::options_description& options);

// The option --output, and where the trace goes.
void AddTraceOutputOption(boost::program_options::options_description& options);
std::string TraceOutputOf(const boost::program_options::variables_map& values);

// What a trace's header calls this program.
std::string TraceRecorderName();

}  // namespace faultline::cli
