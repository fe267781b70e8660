// Detects interference: other activity that may have skewed a repetition.
//
// Activity counts where it held the trial up: a process that computes on another processor, or uses
// a device that the trial doesn't use, does not interfere. A repetition had interference when
//   - its workers were ready and waited for a processor for more than 60 % of the accepted time
//     (open, first, steady) or of the durable time (and flush). With several workers, which wait
//     for each other too, no more counts than others computed;
//   - limits of its control groups kept them from processors for more than 5 % of one of these;
//   - the hypervisor took more than 5 % of one of them, and 50 ms: of what it took from all, the
//     trial's part by processor time;
//   - the machine swapped pages before its end;
//   - others moved more than twice as many bytes as the trial did to the device, or from it, while
//     the trial did so: in the phases in which it moved 1 MiB or more the same way.
// What is absent here can't interfere.
//
// The first and the last threshold come from measurement, on a virtual machine of two processors
// that others used all the time: 100,000 updates of 125 bytes (read-write, mmap-view) and 4,000
// (direct, read-write-flushed), twice each, warm; 20,000 reads, cold; one thread; 4 to 8 rounds,
// with an A/A pair, where nothing else is said. The trial's scheduling group had a higher priority
// than those of others, planted loops the same one, but for "many others". `cost` is accepted time
// : that without the activity, `ratio` that of the two strategies' costs : the same ratio without,
// by rounds; `waited` the median share of time in the run queue; `others` the bytes that others
// moved : the trial's own. A round's log ratio of equals deviated by 0.1 to 0.3.
//
//   other activity               strategies         waited       others       cost        ratio
//   none                         read-write : view  0.01 : 0.02  0            1           1
//   loop on each processor       read-write : view  0.27 : 0.30  0            2.4 : 2.1   1.2
//   loop on one                  read-write : view  0.38 : 0.41  0            1.8 : 2.0   0.9
//   loops, writer with fsync     read-write : view  0.20 : 0.34  not used     1.9 : 2.2   0.9
//   writer with fsync            read-write : view  0.01 : 0.02  not used     1.2 : 1.3   1.0
//   loops in the trial's group   read-write : view  0.70         0            -           0.8
//   many others, 3 rounds        read-write : view  0.77         0            -           1.5
//   loop on each processor       direct : flushed   0.64 : 0.45  0.1          3.2 : 1.6   3.0
//   in its group, 2 rounds       direct : flushed   0.52         0.1          -           2.6
//   writer with fsync            direct : flushed   0.07 : 0.10  54           1.4 : 1.6   1.1
//   reader past the cache        direct : flushed   0.18 : 0.14  72           2.7 : 1.6   1.8
//   loops, writer with fsync     direct : flushed   0.45 : 0.31  490          9.2 : 2.0   5.8
//   reader past the cache        cold read : view   0.05 : 0.04  14           1.8 : 1.1   1.2
//   writer, 20 and 80 MiB/s      direct             0.04         1.7, 6.3     0.9, 0.9    0.9, 0.7
//   reader, 20 and 80 MiB/s      direct             0.03         2.1, 7.0     1.2, 1.0    1.1, 0.9
//   flushes of 24 MiB, of these  read-write, view                0 to 0.05    1.1 (93 flushes)
//                                                                0.05 to 2    1.3 (44 flushes)
//                                                                2 to 3.8     1.5 (4 flushes)
//
// So waiting of up to a half leaves the ratios of strategies that only compute nearly as they
// were, whatever it does to their times: rounds deal with it. What sleeps for the device waits
// anew after each call: its ratio to what doesn't was wrong by a factor of 3 where its share had
// passed 0.6, and others' ratios beyond 0.7 by up to 1.5. The device's bytes did nothing to direct
// up to 7 times its own, where its calls waited for each other, and much from 14 times on; where a
// flush wrote as fast as the device could, they showed early. Twice is a choice between the two,
// on the safe side.
//
// That machine never swapped, and its hypervisor took nothing that was told. A group limited to a
// twentieth of a processor was throttled for 0.7 and 0.8 of the time of two trials, which the run
// queue contains. A limit holds up most what computes most, so its threshold, and the hypervisor's,
// is 5 %, the margin below which no difference is claimed (verdict/comparison.h).
//
// Up to these thresholds waiting is no fault, and of trials that do nothing else while they wait it
// is no part of the figures either (ShareClock in trial_spec.h). Beside a loop on each processor
// the log ratios of equals deviated by 0.33 by the clock and 0.11 net of waiting (read-write,
// 20,000 records), 0.19 and 0.13 (80,000), 0.35 and 0.25 (mmap-view, 50,000): how many of the
// others' time slices a repetition waited for is chance, and two arms of a round share nothing of
// it (correlation
// 0.06). Net of waiting direct took 1.2 times its quiet time beside loops, by the clock 3.2 times.
// What no counter tells is left in both: processor time itself grew by up to 1.8 beside loops,
// unequally. Beyond 0.7 of the time the net ratio of read-write to view was off by a factor of 2.1,
// the clock's by 1.5.
#pragma once

#include <cstdint>
#include <string>

#include "harness/trial/measurement.h"

namespace faultline {

// "" for a repetition without interference, or what it was, in one line: "waited 412 ms of 661 ms
// for a processor". `workers` is the number of threads that executed operations.
// REQUIRES: workers > 0.
std::string FindInterference(const Measurement& measurement, std::uint64_t workers);

}  // namespace faultline
