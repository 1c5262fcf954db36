"""16 workers share a list of people. Usage: python aiohttp_client.py PEOPLE.CSV, with the GRADIENT_ variables set."""

import asyncio
import csv
import os
import sys

import aiohttp

URL = f"{os.environ['GRADIENT_API_URL']}/api/assessments/{os.environ['GRADIENT_ASSESSMENT_ID']}/invite"
HEADERS = {"Authorization": f"Bearer {os.environ['GRADIENT_API_KEY']}"}
IN_FLIGHT = 16


async def work(http, people):
    for person in people:
        async with http.post(URL, json=person) as response:
            response.raise_for_status()
            (await response.json())["inviteUrl"]


async def main(path):
    with open(path, newline="", encoding="utf-8") as file:
        people = iter(list(csv.DictReader(file)))
    connector = aiohttp.TCPConnector(limit=IN_FLIGHT)
    async with aiohttp.ClientSession(connector=connector, headers=HEADERS) as http:
        await asyncio.gather(*(work(http, people) for _ in range(IN_FLIGHT)))


asyncio.run(main(sys.argv[1]))
