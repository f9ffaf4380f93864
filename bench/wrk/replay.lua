-- wrk's side of a run: each thread sends its share of a file of requests, over and over, and the end is one line of JSON.
-- A line is METHOD, path, token, body, with tabs between; thread t of n takes the lines t, t + n, t + 2n, ...

local threads = {}

function setup(thread)
   thread:set("place", #threads + 1)
   table.insert(threads, thread)
end

local requests, sent = {}, 0

function init(args)
   local file, share = args[1], tonumber(args[2])
   local number = 0
   for line in io.lines(file) do
      number = number + 1
      if number % share == place % share then
         local method, path, token, body = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t([^\t]*)$")
         local headers = {}
         if token ~= "" then headers["Authorization"] = "Bearer " .. token end
         if body ~= "" then
            headers["Content-Type"] = body:sub(1, 1) == "{" and "application/json" or "application/x-www-form-urlencoded"
         elseif method == "POST" then
            headers["Content-Length"] = "0"
         end
         table.insert(requests, wrk.format(method, path, headers, body ~= "" and body or nil))
      end
   end
end

function request()
   sent = sent + 1
   return requests[(sent - 1) % #requests + 1]
end

function done(summary, latency)
   local errors = summary.errors
   io.write(string.format(
      'RESULT {"requests": %d, "seconds": %.6f, "p50": %.3f, "p90": %.3f, "p99": %.3f, "p999": %.3f, "max": %.3f, ' ..
      '"refused": %d, "broken": %d}\n',
      summary.requests, summary.duration / 1e6, latency:percentile(50) / 1e3, latency:percentile(90) / 1e3,
      latency:percentile(99) / 1e3, latency:percentile(99.9) / 1e3, latency.max / 1e3,
      errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
