#pragma once

/// Catch2, version 3 where it is installed and version 2 otherwise. Tests include it through this file alone.
#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif
