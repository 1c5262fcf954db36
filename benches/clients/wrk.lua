-- The same invite again and again: how fast the server can be driven.
wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer gai_bench"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"email": "jane.smith@example.com", "name": "Jane Smith"}'
