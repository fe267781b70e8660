// A descriptor by which a wait learns that the user asked to stop.
#pragma once

namespace faultline::os {

// A descriptor of this process that becomes readable by a request to stop, and stays so until
// ClearInterruption; -1 when interruptions are not caught. For poll together with what is waited
// for: a request that arrives between a call of Interrupted() and the poll ends the poll, whichever
// thread the signal is delivered to.
int InterruptionDescriptor();

}  // namespace faultline::os
