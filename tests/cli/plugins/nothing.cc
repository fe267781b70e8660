// Built with the right headers, but registers nothing.
#include "strategies/abi_tag.h"
