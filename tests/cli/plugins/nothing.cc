// Built with the right headers, but registers nothing.
#include "faultline/abi_tag.h"
