# How a folder of Hauspost becomes a library: its sources, its warnings, and the only libraries it
# may link (tools/check_layers.py checks the same order in the #include lines).

add_library(hauspost_options INTERFACE)
target_include_directories(hauspost_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(hauspost_options INTERFACE
    BOOST_ASIO_NO_DEPRECATED BOOST_ASIO_DISABLE_BOOST_COROUTINE
    HAUSPOST_VERSION="${PROJECT_VERSION}"
    $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2> _GLIBCXX_ASSERTIONS)
target_compile_options(hauspost_options INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror
    -fstack-protector-strong
    # g++ 12 reports coroutine frames of Asio (mismatched-new-delete) and string concatenation
    # (restrict, GCC bug 105651) falsely at -O1 and above: docs/develop.md.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-mismatched-new-delete\;-Wno-restrict>
    $<$<CXX_COMPILER_ID:GNU>:-fcf-protection -ftrivial-auto-var-init=zero>)
target_link_libraries(hauspost_options INTERFACE Threads::Threads)
if(HAUSPOST_SANITIZE)
    target_compile_options(hauspost_options INTERFACE
        -fsanitize=${HAUSPOST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
        # clang 14 cannot check the type of functions that are coroutines.
        $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=function>
        # g++ 12 with a sanitizer takes spdlog's argument lists for uninitialised.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>
        $<$<CXX_COMPILER_ID:GNU>:-Wno-uninitialized>)
    target_link_options(hauspost_options INTERFACE -fsanitize=${HAUSPOST_SANITIZE})
endif()

# hauspost_library(NAME [FOLDER folders...] [LINKS libs...]): all .cpp files of a folder, or of
# several that are one room with partitions. With HAUSPOST_UNITY they are compiled eight at a time,
# since most of what the compiler reads and instantiates are the same headers and coroutines; a name
# in an unnamed namespace is then one for eight files.
function(hauspost_library name)
    cmake_parse_arguments(arg "" "" "FOLDER;LINKS" ${ARGN})
    if(NOT arg_FOLDER)
        set(arg_FOLDER ${CMAKE_CURRENT_SOURCE_DIR})
    endif()
    list(TRANSFORM arg_FOLDER APPEND /*.cpp OUTPUT_VARIABLE globs)
    file(GLOB sources CONFIGURE_DEPENDS ${globs})
    if(sources)
        add_library(${name} STATIC ${sources})
        target_link_libraries(${name} PUBLIC hauspost_options ${arg_LINKS})
        if(HAUSPOST_UNITY)
            set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 8)
            # The file that is compiled includes the sources: to g++ they are headers then.
            target_compile_options(${name} PRIVATE
                $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
        endif()
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE hauspost_options ${arg_LINKS})
    endif()
endfunction()

# hauspost_test(NAME FOLDER folder LABEL label LINKS libs...): one doctest program from all .cpp
# files below a folder of tests/, each TEST_CASE one ctest test.
function(hauspost_test name)
    cmake_parse_arguments(arg "" "FOLDER;LABEL" "LINKS" ${ARGN})
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${arg_FOLDER}/*.cpp)
    if(NOT sources)
        return()
    endif()
    add_executable(${name} ${sources})
    target_link_libraries(${name} PRIVATE hauspost_test_main ${arg_LINKS})
    # A name that ctest or doctest read otherwise than it stands would run no case, and pass.
    # The longest lasts some 20 seconds; a machine that swaps may stand still for minutes.
    doctest_discover_tests(${name} PROPERTIES LABELS ${arg_LABEL} TIMEOUT 1200
        FAIL_REGULAR_EXPRESSION "test cases: +0 ")
endfunction()
