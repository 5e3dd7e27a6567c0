# SPDX-License-Identifier: MIT
# The killer alone: what a test file is when it holds no other case or scenario than those whose
# name begins with `name`. Other cases become templates that nobody instantiates, so that they cost
# next to nothing to compile; other scenarios go. Lines keep their numbers.
BEGIN {
    sub(/\*$/, "", name)
    printf "#define OTHER_JOINED(line) other_case_in_line_##line\n"
    printf "#define OTHER_NAME(line) OTHER_JOINED(line)\n"
    printf "#define OTHER_CASE(...) template <class TestType> void OTHER_NAME(__LINE__)()\n"
    printf "#define TEMPLATE_OTHER_CASE OTHER_CASE\n"
    printf "#define TEMPLATE_LIST_OTHER_CASE OTHER_CASE\n"
    printf "#line 1\n"
}

function is_wanted(text) {
    return substr(text, index(text, "\"") + 1, length(name)) == name
}

/^(TEMPLATE_(LIST_)?)?TEST_CASE\(/ {
    text = $0
    while (text !~ /"/ && (getline line) > 0) text = text "\n" line
    if (!is_wanted(text)) sub(/TEST_CASE/, "OTHER_CASE", text)
    print text
    next
}

/^const scenario / {
    text = $0
    while (text !~ /;$/ && (getline line) > 0) text = text "\n" line
    if (!is_wanted(text)) gsub(/[^\n]/, "", text)
    print text
    next
}

{ print }
