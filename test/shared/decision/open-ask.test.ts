import assert from 'node:assert/strict';
import { openAsk } from '../../../shared/decision/open-ask.ts';
import { msOf } from '../../../shared/model/time.ts';
import { reportHtml } from '../../../shared/views/report-html.ts';
import { reportMarkdown } from '../../../shared/views/report-md.ts';
import { reportedIncident, reportFacts } from '../views/report-fixtures.ts';

const incident = reportedIncident();
const asked = incident.decision?.asked ?? assert.fail('the fixture asks nothing');
const until = msOf(asked.until);

describe('the open ask of an incident', () => {
  it('is open until its time is over, and not once the incident is closed', () => {
    assert.deepEqual(openAsk(incident, until - 1), asked);
    assert.equal(openAsk(incident, until), undefined);
    const closed = reportedIncident({
      goal: { tier: 'closed', mode: 'act', rev: 9, by: 'ana@example.com', requested: true, at: incident.openedAt },
      run: { rev: 9 },
    });
    assert.equal(openAsk({ ...closed, state: 'closed' }, until - 1), undefined);
  });

  it('appears in a report only while it is open', () => {
    const lapsed = reportFacts({ madeAt: asked.until });
    assert.match(reportMarkdown(reportFacts()), /What is asked:\*\* Approve delete-workload\?/);
    assert.match(reportMarkdown(lapsed), /What is asked:\*\* Nothing/);
    assert.match(reportHtml(lapsed), /What is asked<\/dt><dd><bdi>Nothing/);
  });
});
