-- What wrk sends: one beacon a request, each with an id of its own, by a reader of its own (address and
-- user agent), but for one in twenty, whose reader comes again within the half hour.
--
--   wrk … -s views.lua URL -- AGENTS skewed|single ARTICLES

local ARTICLES = 10000
local PARTNERS = 20
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(arguments)
  local agents_file, spread, run = arguments[1], arguments[2], tonumber(arguments[3])
  agents = {}
  for line in io.lines(agents_file) do
    agents[#agents + 1] = line
  end
  single = spread == "single"
  sent = 0
  math.randomseed(1 + number + 100 * run)
  headers = { ["Content-Type"] = "text/plain" }
  -- Of this run and thread: no two runs over one database share an id or an address.
  prefix = string.format("%08x-%04x-4000-8000-", run, number)
  net = 10 + (number + 2 * run) % 200
  article()
end

-- The k-th of so many is met 1/k as often as the first: by its logarithm all are alike.
function skewed(count)
  return math.floor(count ^ math.random())
end

function article()
  current = "bai-" .. (single and 1 or skewed(ARTICLES))
end

function request()
  sent = sent + 1
  if sent % 20 ~= 0 then
    reader = sent
    article()
  end
  headers["User-Agent"] = agents[reader % #agents + 1]
  headers["X-Forwarded-For"] = net .. "." .. math.floor(reader / 65536) % 256 .. "."
    .. math.floor(reader / 256) % 256 .. "." .. reader % 256
  local body = '{"article":"' .. current .. '","view":"' .. prefix .. string.format("%012x", sent)
    .. '","page":"https://partner-' .. skewed(PARTNERS) .. '.example/tin/' .. current .. '"}'
  return wrk.format("POST", "/v1/views", headers, body)
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    "wrk %d %d %d %d %d\n",
    summary.requests - errors.status,
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    summary.duration,
    latency:percentile(50),
    latency:percentile(99)
  ))
end
