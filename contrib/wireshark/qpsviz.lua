-- Quantum Ethernet frames of qpsviz for Wireshark and tshark, both dialects (docs/frame-format.md).
--
--   tshark -X lua_script:qpsviz.lua -r headers.pcapng -Y 'qeth.memory_time > 100'
--
-- or copy this file into the folder named in Help > About Wireshark > Folders > Personal Lua Plugins.
-- Times are in microseconds; the same fields ending in _ps hold the exact whole picoseconds.

local ETHERTYPE_PAPER, ETHERTYPE_LLDP = 0x88b5, 0x88cc
local OUI = 0x025145
local END, ROLE, DURATION, INFO, MEMORY = 0, 1, 2, 3, 4
local CUTOFF, CORRECTION, GUARD, RESERVED_TLV, STATION_TLV = 5, 6, 7, 8, 9
local CUSTOM = 127
local INFO_OCTETS, MIN_PAYLOAD_OCTETS = 28, 46

local ROLES = {[0] = "header", [1] = "trailer"}
local ENCODINGS = {
  [0] = "other", "polarisation", "time-bin", "phase", "dual-rail", "frequency-bin",
  "orbital-angular-momentum", "continuous-variable",
}
local APPLICATIONS = {
  [0] = "other", "qkd", "entanglement", "teleportation", "blind-computing", "sensing", "distributed-computing",
}
local TITLES = {
  [ROLE] = "Header/trailer", [DURATION] = "Payload duration", [INFO] = "Other payload information",
  [MEMORY] = "Time in memory", [CUTOFF] = "Cut-off time", [CORRECTION] = "Error correction",
  [GUARD] = "Guard time", [RESERVED_TLV] = "Reserved TLV, carried", [STATION_TLV] = "LLDP TLV, carried",
}

local qeth = Proto("qeth", "Quantum Ethernet Frame")
local f = {
  dialect = ProtoField.string("qeth.dialect", "Dialect"),
  tlv_type = ProtoField.uint8("qeth.tlv.type", "TLV type"),
  tlv_length = ProtoField.uint16("qeth.tlv.length", "TLV length"),
  oui = ProtoField.uint24("qeth.tlv.oui", "OUI", base.HEX),
  subtype = ProtoField.uint8("qeth.tlv.subtype", "Subtype"),
  carried_type = ProtoField.uint8("qeth.tlv.carried_type", "Type carried"),
  value = ProtoField.bytes("qeth.tlv.value", "Value"),
  role = ProtoField.uint8("qeth.role", "Role", base.DEC, ROLES),
  payload_duration = ProtoField.double("qeth.payload_duration", "Payload duration (us)"),
  payload_duration_ps = ProtoField.uint64("qeth.payload_duration_ps", "Payload duration (ps)"),
  memory_time = ProtoField.double("qeth.memory_time", "Time in memory (us)"),
  memory_time_ps = ProtoField.uint64("qeth.memory_time_ps", "Time in memory (ps)"),
  cutoff_time = ProtoField.double("qeth.cutoff_time", "Cut-off time (us)"),
  cutoff_time_ps = ProtoField.uint64("qeth.cutoff_time_ps", "Cut-off time (ps)"),
  guard_time = ProtoField.double("qeth.guard_time", "Guard time (us)"),
  guard_time_ps = ProtoField.uint64("qeth.guard_time_ps", "Guard time (ps)"),
  error_correction = ProtoField.string("qeth.error_correction", "Error correction"),
  version = ProtoField.uint8("qeth.info.version", "Version"),
  flags = ProtoField.uint8("qeth.info.flags", "Stated", base.HEX),
  encoding = ProtoField.uint8("qeth.encoding", "Encoding", base.DEC, ENCODINGS),
  application = ProtoField.uint8("qeth.application", "Application", base.DEC, APPLICATIONS),
  qubits = ProtoField.uint32("qeth.qubits", "Qubits"),
  spacing = ProtoField.double("qeth.spacing", "Qubit spacing (us)"),
  spacing_ps = ProtoField.uint64("qeth.spacing_ps", "Qubit spacing (ps)"),
  wavelength = ProtoField.double("qeth.wavelength", "Wavelength (nm)"),
  wavelength_pm = ProtoField.uint32("qeth.wavelength_pm", "Wavelength (pm)"),
  frame_id = ProtoField.uint32("qeth.frame_id", "Frame number"),
  attempt = ProtoField.uint16("qeth.attempt", "Attempt"),
  padding = ProtoField.bytes("qeth.padding", "Padding"),
}
qeth.fields = f

local e = {
  malformed = ProtoExpert.new("qeth.malformed", "Malformed", expert.group.MALFORMED, expert.severity.ERROR),
  missing = ProtoExpert.new("qeth.missing", "Mandatory TLV missing", expert.group.PROTOCOL, expert.severity.ERROR),
  misplaced = ProtoExpert.new("qeth.misplaced", "TLV misplaced", expert.group.PROTOCOL, expert.severity.ERROR),
  duplicate = ProtoExpert.new("qeth.duplicate", "Duplicate TLV", expert.group.PROTOCOL, expert.severity.ERROR),
  expired = ProtoExpert.new("qeth.expired", "Time in memory has passed the cut-off", expert.group.SEQUENCE,
    expert.severity.WARN),
}
qeth.experts = e

local function add_time(tree, range, microseconds, picoseconds)
  local time = range:uint64():tonumber() / 1e6
  tree:add(microseconds, range, time)
  tree:add(picoseconds, range)
  return time
end

-- A TLV that holds a time: how many octets, how to show them, and what is appended to its title.
local function time(key, microseconds, picoseconds)
  return {what = "A time", size = 8, add = function(tree, range, state)
    state[key] = add_time(tree, range, microseconds, picoseconds)
    return string.format(": %.15g us", state[key])
  end}
end

-- TLVs that hold one number. A whole number: {what = "A number", size = 1, add = function(t, r) t:add(f.name, r) end}.
local NUMBERS = {
  [DURATION] = time(DURATION, f.payload_duration, f.payload_duration_ps),
  [MEMORY] = time(MEMORY, f.memory_time, f.memory_time_ps),
  [CUTOFF] = time(CUTOFF, f.cutoff_time, f.cutoff_time_ps),
  [GUARD] = time(GUARD, f.guard_time, f.guard_time_ps),
}

-- TLVs that hold text.
local TEXTS = {[CORRECTION] = f.error_correction}

-- Flag bits of the other payload information: offset, length, and how to show the field.
local INFO_FIELDS = {
  {flag = 0x04, at = 2, size = 1, add = function(t, r) t:add(f.encoding, r) end},
  {flag = 0x08, at = 3, size = 1, add = function(t, r) t:add(f.application, r) end},
  {flag = 0x01, at = 4, size = 4, add = function(t, r) t:add(f.qubits, r) end},
  {flag = 0x02, at = 8, size = 8, add = function(t, r) add_time(t, r, f.spacing, f.spacing_ps) end},
  {flag = 0x10, at = 16, size = 4, add = function(t, r)
    t:add(f.wavelength, r, r:uint() / 1e3)
    t:add(f.wavelength_pm, r)
  end},
  {flag = 0x20, at = 20, size = 4, add = function(t, r, s) t:add(f.frame_id, r); s.frame_id = r:uint() end},
  {flag = 0x40, at = 24, size = 2, add = function(t, r, s) t:add(f.attempt, r); s.attempt = r:uint() end},
}

local function add_info(tree, data, state)
  tree:add(f.version, data(0, 1))
  if data(0, 1):uint() ~= 1 then
    if data:len() > 1 then tree:add(f.value, data(1)) end
    return
  end
  if data:len() ~= INFO_OCTETS then
    tree:add_proto_expert_info(e.malformed, "Version 1 has 28 octets, not " .. data:len())
    return
  end
  local flags = data(1, 1):uint()
  tree:add(f.flags, data(1, 1))
  for _, field in ipairs(INFO_FIELDS) do
    if math.floor(flags / field.flag) % 2 == 1 then
      field.add(tree, data(field.at, field.size), state)
    end
  end
end

local function add_data(tree, key, data, state)
  local size = data and data:len() or 0
  local number = NUMBERS[key]
  if number then
    if size ~= number.size then
      tree:add_proto_expert_info(e.malformed, string.format("%s has %d octets, not %d", number.what, number.size, size))
      return
    end
    tree:append_text(number.add(tree, data, state) or "")
  elseif size == 0 then
    if key ~= nil then tree:add_proto_expert_info(e.malformed, "No value") end
  elseif key == ROLE then
    tree:add(f.role, data(0, 1))
    state.role = ROLES[data(0, 1):uint()]
    if size ~= 1 or state.role == nil then tree:add_proto_expert_info(e.malformed, "Neither header nor trailer") end
  elseif key == INFO then
    add_info(tree, data, state)
  elseif TEXTS[key] then
    tree:add_packet_field(TEXTS[key], data, ENC_UTF_8 + ENC_NA)
  elseif key == RESERVED_TLV or key == STATION_TLV then
    tree:add(f.carried_type, data(0, 1))
    if size > 1 then tree:add(f.value, data(1)) end
  else
    tree:add(f.value, data)
  end
end

-- Shows one TLV; returns which quantum field it is, or nil.
local function add_tlv(tree, tvb, dialect, at, kind, length, state)
  local subtree = tree:add(qeth, tvb(at, 2 + length), "TLV " .. kind)
  subtree:add(f.tlv_type, tvb(at, 1), kind)
  subtree:add(f.tlv_length, tvb(at, 2), length)
  local start, key = at + 2, nil
  if kind == CUSTOM then
    if length < 4 then
      subtree:add_proto_expert_info(e.malformed, "No room for OUI and subtype")
      return nil
    end
    subtree:add(f.oui, tvb(start, 3))
    subtree:add(f.subtype, tvb(start + 3, 1))
    local subtype = tvb(start + 3, 1):uint()
    if tvb(start, 3):uint() == OUI and TITLES[subtype] then key = subtype end
    start = start + 4
  elseif dialect == "paper" and kind <= MEMORY then
    key = kind
  end
  if key then subtree:set_text(TITLES[key]) end
  if key and key ~= RESERVED_TLV and key ~= STATION_TLV then
    if state.seen[key] then subtree:add_proto_expert_info(e.duplicate) end
    state.seen[key] = true
  end
  local stop = at + 2 + length
  add_data(subtree, key, stop > start and tvb(start, stop - start) or nil, state)
  return key
end

-- Reads type and length at an offset; nil where no whole TLV is left.
local function tlv_at(tvb, at)
  if at + 2 > tvb:len() then return nil end
  local kind, length = tvb(at, 2):bitfield(0, 7), tvb(at, 2):bitfield(7, 9)
  if at + 2 + length > tvb:len() then return nil end
  return kind, length
end

local function add_tlvs(tree, tvb, dialect, state)
  local at, first = 0, true
  local skip = dialect == "lldp" and 3 or 0
  while true do
    local kind, length = tlv_at(tvb, at)
    if kind == nil then
      tree:add_proto_expert_info(e.malformed, "A TLV runs past the end, or the End of QDU TLV is missing")
      return tvb:len()
    end
    if kind == END then return at + 2 + length end
    if skip > 0 then
      skip = skip - 1
    else
      local key = add_tlv(tree, tvb, dialect, at, kind, length, state)
      if first and key ~= ROLE then tree:add_proto_expert_info(e.misplaced, "Header/trailer TLV is not first") end
      first = false
    end
    at = at + 2 + length
  end
end

local function summary(state)
  local text = "Quantum " .. (state.role or "frame")
  if state.frame_id then text = text .. string.format(" %d", state.frame_id) end
  if state.attempt then text = text .. string.format(" attempt %d", state.attempt) end
  if state[DURATION] then text = text .. string.format(", payload %.6g us", state[DURATION]) end
  if state[GUARD] then text = text .. string.format(", guard %.6g us", state[GUARD]) end
  if state[MEMORY] then text = text .. string.format(", in memory %.6g us", state[MEMORY]) end
  return text
end

local function dissect(tvb, pinfo, root, dialect)
  local state = {seen = {}}
  local tree = root:add(qeth, tvb())
  tree:add(f.dialect, dialect):set_generated()
  local stop = add_tlvs(tree, tvb, dialect, state)
  if not state.seen[ROLE] then tree:add_proto_expert_info(e.missing, "Header/trailer TLV missing") end
  if not state.seen[DURATION] then tree:add_proto_expert_info(e.missing, "Payload duration TLV missing") end
  if state[MEMORY] and state[CUTOFF] and state[MEMORY] > state[CUTOFF] then tree:add_proto_expert_info(e.expired) end
  if stop < MIN_PAYLOAD_OCTETS and tvb:len() >= MIN_PAYLOAD_OCTETS then
    tree:add(f.padding, tvb(stop, MIN_PAYLOAD_OCTETS - stop))
    stop = MIN_PAYLOAD_OCTETS
  end
  tree:set_len(stop)
  tree:append_text(", " .. summary(state))
  pinfo.cols.protocol = dialect == "lldp" and "QETH/LLDP" or "QETH"
  pinfo.cols.info = summary(state)
  return stop, tree
end

-- Other experiments use this EtherType too: a frame that does not start with our mandatory TLV is not ours.
function qeth.dissector(tvb, pinfo, root)
  local kind, length = tlv_at(tvb, 0)
  if kind ~= ROLE or length ~= 1 then return 0 end
  return (dissect(tvb, pinfo, root, "paper"))
end

-- Whether a TLV 127 of ours is among the TLVs.
local function is_quantum(tvb)
  local at = 0
  while true do
    local kind, length = tlv_at(tvb, at)
    if kind == nil or kind == END then return false end
    if kind == CUSTOM and length >= 4 and tvb(at + 2, 3):uint() == OUI then return true end
    at = at + 2 + length
  end
end

local ethertypes = DissectorTable.get("ethertype")
local lldp = ethertypes:get_dissector(ETHERTYPE_LLDP)
local qeth_lldp = Proto("qeth_lldp", "Quantum Ethernet Frame in LLDP")

function qeth_lldp.dissector(tvb, pinfo, root)
  -- On a copy, which it shortens; and a TLV of LLDP that breaks off must not hide the quantum ones.
  local done, problem = pcall(function() lldp:call(tvb:range():tvb(), pinfo, root) end)
  if not is_quantum(tvb) then
    if not done then error(problem, 0) end
    return tvb:len()
  end
  local stop, tree = dissect(tvb, pinfo, root, "lldp")
  if not done then tree:add_proto_expert_info(e.malformed, "LLDP: " .. tostring(problem)) end
  return stop
end

ethertypes:add(ETHERTYPE_PAPER, qeth)
ethertypes:add(ETHERTYPE_LLDP, qeth_lldp)
