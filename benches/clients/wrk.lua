-- Repeats one invite, to find out how fast the server is.
wrk.method = "POST"
wrk.headers["Authorization"] = "Bearer gai_bench"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"email": "jane.smith@example.com", "name": "Jane Smith"}'
