// 16 virtual users share a list of people. Usage: k6 run -e PEOPLE=PEOPLE.CSV k6.js, with the GRADIENT_ variables set.
import http from 'k6/http';
import exec from 'k6/execution';
import { SharedArray } from 'k6/data';

const people = new SharedArray('people', () =>
  open(__ENV.PEOPLE)
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.split(','))
    .map(([name, email]) => ({ email, name })),
);
const url = `${__ENV.GRADIENT_API_URL}/api/assessments/${__ENV.GRADIENT_ASSESSMENT_ID}/invite`;
const params = {
  headers: {
    Authorization: `Bearer ${__ENV.GRADIENT_API_KEY}`,
    'Content-Type': 'application/json',
  },
};

export const options = {
  discardResponseBodies: true,
  thresholds: { http_req_failed: ['rate==0'] },
  scenarios: {
    invite: {
      executor: 'shared-iterations',
      vus: 16,
      iterations: people.length,
      maxDuration: '5m',
    },
  },
};

export default function () {
  http.post(url, JSON.stringify(people[exec.scenario.iterationInTest]), params);
}
