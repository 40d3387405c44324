-- What wrk measured, as one line of JSON; times in milliseconds.
done = function(summary, latency)
  local errors = summary.errors
  print(string.format('{"requests": %d, "requests_per_second": %.1f, "p50_ms": %.3f, "p99_ms": %.3f, "errors": %d}',
    summary.requests, summary.requests / summary.duration * 1e6, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
