# Prints the part of YAML that seeds use as "path<TAB>value" lines: a.b.0<TAB>text. Newlines in a value become \n and
# backslashes \\. Known: block and flow maps and lists, plain, quoted and block (| >) scalars, comments, JSON.

function indent_of(line) { match(line, /^ */); return RLENGTH }
function blank(line) { return line ~ /^ *(#.*)?$/ || line ~ /^(---|\.\.\.)/ }
function join_path(path, key) { return path == "" ? key : path "." key }
function skip_blank() { while (at <= count && blank(lines[at])) at++ }

function emit(path, value) {
  gsub(/\\/, "\\\\", value)
  gsub(/\n/, "\\n", value)
  print path "\t" value
}

function plain(text) {
  sub(/ +#.*$/, "", text)
  sub(/[ \n]+$/, "", text)
  return text == "~" || text == "null" ? "" : text
}

# Reads a quoted string that starts at `from` of `text`; leaves the place after it in quote_end.
function quoted(text, from,    mark, out, c, i) {
  mark = substr(text, from, 1)
  out = ""
  for (i = from + 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (c == mark) {
      if (mark == "'" && substr(text, i + 1, 1) == "'") { out = out "'"; i++; continue }
      break
    }
    if (c == "\\" && mark == "\"") {
      c = substr(text, ++i, 1)
      if (c == "n") c = "\n"
      else if (c == "t") c = "\t"
    }
    out = out c
  }
  quote_end = i + 1
  return out
}

# Flow style, at flow_at of flow_text.
function flow_space() { while (substr(flow_text, flow_at, 1) ~ /[ \n]/) flow_at++ }
function flow_scalar(stop,    from, value) {
  flow_space()
  if (substr(flow_text, flow_at, 1) ~ /["']/) {
    value = quoted(flow_text, flow_at)
    flow_at = quote_end
    return value
  }
  from = flow_at
  while (flow_at <= length(flow_text) && substr(flow_text, flow_at, 1) !~ stop) flow_at++
  return plain(substr(flow_text, from, flow_at - from))
}
function flow_value(path,    c, key, n) {
  flow_space()
  c = substr(flow_text, flow_at, 1)
  if (c != "[" && c != "{") { emit(path, flow_scalar("[],}]")); return }
  flow_at++
  n = 0
  while (flow_at <= length(flow_text)) {
    flow_space()
    if (substr(flow_text, flow_at, 1) ~ /[]}]/) { flow_at++; return }
    if (c == "{") {
      key = flow_scalar("[:,}]")
      flow_space()
      flow_at++
      flow_value(join_path(path, key))
    } else flow_value(join_path(path, n++))
    flow_space()
    if (substr(flow_text, flow_at, 1) == ",") flow_at++
  }
}
function depth_of(text,    i, c, depth, mark) {
  depth = 0; mark = ""
  for (i = 1; i <= length(text); i++) {
    c = substr(text, i, 1)
    if (mark != "") {
      if (c == "\\" && mark == "\"") i++
      else if (c == mark) mark = ""
    } else if (c == "\"" || c == "'") mark = c
    else if (c ~ /[[{]/) depth++
    else if (c ~ /[]}]/) depth--
  }
  return depth
}

function block_scalar(path, header, parent,    out, own, line, fold, previous) {
  fold = header ~ /^>/
  own = -1; out = ""; previous = ""
  for (; at <= count; at++) {
    line = lines[at]
    if (line ~ /^ *$/) {
      # Folding eats the first line end of a paragraph's gap.
      if (!fold || previous == "") out = out "\n"
      previous = ""
      continue
    }
    if (own < 0) own = indent_of(line)
    if (own <= parent || indent_of(line) < own) break
    line = substr(line, own + 1)
    if (fold && previous != "" && line !~ /^ /) sub(/\n$/, " ", out)
    out = out line "\n"
    previous = line
  }
  if (header !~ /\+/) sub(/\n+$/, "\n", out)
  if (header ~ /-/) sub(/\n+$/, "", out)
  emit(path, out)
}

# A value that starts on the line of its key or dash; `at` is already on the next line.
function value(path, text, parent) {
  if (text ~ /^[|>]/) { block_scalar(path, text, parent); return }
  if (text ~ /^[[{]/) {
    flow_text = text
    while (depth_of(flow_text) > 0 && at <= count) flow_text = flow_text "\n" lines[at++]
    flow_at = 1
    flow_value(path)
  } else if (text ~ /^["']/) emit(path, quoted(text, 1))
  else emit(path, plain(text))
}

function below(path, parent, list_may_be_level) {
  skip_blank()
  if (at > count) return
  if (indent_of(lines[at]) > parent || (list_may_be_level && indent_of(lines[at]) == parent && lines[at] ~ /^ *-( |$)/))
    block(path, indent_of(lines[at]))
  else emit(path, "")
}

function block(path, level,    line, key, text, n, list) {
  n = 0
  list = substr(lines[at], level + 1) ~ /^-( |$)/
  for (skip_blank(); at <= count && indent_of(lines[at]) == level; skip_blank()) {
    line = substr(lines[at], level + 1)
    # A list may stand at the level of its key: the next key ends it.
    if (list && line !~ /^-( |$)/) return
    if (line ~ /^-( |$)/) {
      text = substr(line, 2)
      sub(/^ */, "", text)
      if (text == "" || text ~ /^#/) { at++; below(join_path(path, n++), level, 0) }
      else if (text ~ KEY || text ~ /^- /) {
        # A map or list that begins beside its dash: the dash counts as indentation.
        lines[at] = sprintf("%" (level + length(line) - length(text)) "s", "") text
        block(join_path(path, n++), indent_of(lines[at]))
      } else { at++; value(join_path(path, n++), text, level) }
    } else if (line ~ KEY) {
      if (line ~ /^["']/) { key = quoted(line, 1); text = substr(line, quote_end) }
      else { match(line, /^[^:]+/); key = substr(line, 1, RLENGTH); text = substr(line, RLENGTH + 1) }
      sub(/^ *: */, "", text)
      at++
      if (text == "" || text ~ /^#/) below(join_path(path, key), level, 1)
      else value(join_path(path, key), text, level)
    } else if (level == 0 && line ~ /^[[{]/) { at++; value(path, line, -1) }
    else at++
  }
}

BEGIN { KEY = "^([A-Za-z0-9_./-]+|\"[^\"]*\"|'[^']*') *:( |$)" }
{ sub(/\r$/, ""); lines[++count] = $0 }
END {
  at = 1
  for (skip_blank(); at <= count; skip_blank()) { before = at; block("", indent_of(lines[at])); if (at == before) at++ }
}
