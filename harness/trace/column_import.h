// Texts of one access a line, in columns: what a description says each holds.
#pragma once

#include <memory>
#include <string_view>

#include "harness/trace/importer.h"

namespace faultline {

// Block traces that are known by name: MSR Cambridge's, SPC's, Alibaba's and Tencent's.
bool IsMsrLine(std::string_view line);
bool IsSpcLine(std::string_view line);
bool IsAlibabaLine(std::string_view line);
bool IsTencentLine(std::string_view line);

inline constexpr std::string_view kMsrColumns = "time_100ns,device,device,op,offset,size,-";
inline constexpr std::string_view kSpcColumns = "device,offset_sectors,size,op,time_s";
inline constexpr std::string_view kAlibabaColumns = "device,op,offset,size,time_us";
inline constexpr std::string_view kTencentColumns = "time_s,offset_sectors,size_sectors,op,device";

// `columns` are names, separated by commas, in the text's order: time, device, op, offset, size,
// process, and '-' for one that says nothing. Behind an underscore stands the unit: of time s (if
// none is given), ms, us, ns, 100ns; of offset and size bytes (if none is given), sectors (of 512
// bytes), kib, or a number of bytes (offset_4096). Several columns of a device name it together.
// Columns of the text behind the last are left alone. Throws UsageError for a description without
// offset, size or op.
std::unique_ptr<Importer> MakeColumnImporter(TraceBuilder& builder, std::string_view columns);

}  // namespace faultline
