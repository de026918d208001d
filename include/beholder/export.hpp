// Marks what libbeholder.so shows to its users; everything else stays hidden.
#pragma once

#if defined(_WIN32)
#define BEHOLDER_API
#else
#define BEHOLDER_API __attribute__((visibility("default")))
#endif
