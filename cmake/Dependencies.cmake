# Debian 12's packages by default; a newer libtorch through CMAKE_PREFIX_PATH.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
pkg_check_modules(UTF8PROC REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(HEIF REQUIRED IMPORTED_TARGET libheif)
pkg_check_modules(WEBP REQUIRED IMPORTED_TARGET libwebp)
pkg_check_modules(TIFF REQUIRED IMPORTED_TARGET libtiff-4>=4.5)
find_package(ZLIB REQUIRED)

find_package(OpenCV 4 REQUIRED COMPONENTS core imgproc imgcodecs)
add_library(beholder_opencv INTERFACE)
add_library(OpenCV::intake ALIAS beholder_opencv)
target_include_directories(beholder_opencv SYSTEM INTERFACE ${OpenCV_INCLUDE_DIRS})
target_link_libraries(beholder_opencv INTERFACE opencv_core opencv_imgproc opencv_imgcodecs)

option(BEHOLDER_WITH_TORCH "Build the parts that need libtorch (everything but file and text tools)" ON)
if(BEHOLDER_WITH_TORCH)
  # Not through Debian's dnnl-config.cmake: it asks for OpenCL, which the processor has no use for.
  find_library(DNNL_LIBRARY dnnl REQUIRED)
  add_library(DNNL::dnnl UNKNOWN IMPORTED)
  set_target_properties(DNNL::dnnl PROPERTIES IMPORTED_LOCATION ${DNNL_LIBRARY})
  find_package(OpenMP REQUIRED)
  find_package(Torch REQUIRED)
  # Torch's flags hold include paths as well; -isystem keeps its warnings out of ours.
  separate_arguments(torch_flags UNIX_COMMAND "${TORCH_CXX_FLAGS}")
  if(Torch_VERSION VERSION_GREATER_EQUAL 2.9 AND CMAKE_CXX_STANDARD LESS 20)
    set(CMAKE_CXX_STANDARD 20)
  endif()
endif()

if(BEHOLDER_BUILD_TOOLS)
  find_package(CLI11 REQUIRED)
endif()
