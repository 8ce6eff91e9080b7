-- Requests for wrk: random keys from a file, and a device that is either the key's own or one that nobody saw yet.
--     wrk … -s benches/load/load.lua URL -- KEYS_FILE own|fresh SEED
local threads = 0

function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

function init(args)
    keys, count = {}, 0
    for key in io.lines(args[1]) do keys[#keys + 1] = key end
    fresh = args[2] == "fresh"
    prefix = args[3] .. "-" .. number .. "-"
    math.randomseed(tonumber(args[3]) * 31 + number)
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
end

function request()
    local n = math.random(#keys)
    count = count + 1
    local device = fresh and (prefix .. count) or ("D" .. n)
    return wrk.format(nil, nil, nil, '{"chiave_licenza":"' .. keys[n] .. '","dispositivo":{"id":"' .. device .. '"}}')
end

function done(summary, latency)
    local errors = summary.errors
    print(string.format("RESULT %.1f %.3f %.3f %d %d", summary.requests / summary.duration * 1e6,
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, summary.requests,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
