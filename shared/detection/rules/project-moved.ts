import { at, text } from '../../kubernetes/loose.ts';
import { quote } from '../../text.ts';
import { adminRule, verbOf } from '../admin-rule.ts';
import { shownCaller } from '../claim.ts';

/** A project leaves the organization or folder that watches over it, or is shut down with everything in it. */
export const projectMoved = adminRule({
  id: 'project-moved',
  title: 'Project moved or shut down',
  sees: 'A project that is moved to another folder or organization, or one that is shut down (medium 0.50).',
  why: 'When a project leaves a folder or an organization, its policies and log exports no longer apply. A project that is shut down is deleted after a month, its clusters at once.',
  technique: [
    { id: 'T1562.008', name: 'Impair Defenses: Disable or Modify Cloud Logs' },
    { id: 'T1485', name: 'Data Destruction' },
  ],
  severity: 'high',
  confidence: 0.65,
  family: 'identity',
  falsePositives: ['Reorganizations', 'Test projects'],
  services: ['cloudresourcemanager.googleapis.com'],
  methods: '(Move|Delete)Project',
  example: 'gcloud beta projects move p1 --folder=123456789012',
  match: (signal) => {
    const project = quote(signal.resourceName ?? 'a project', 200);
    if (verbOf(signal) === 'deleteproject')
      return { because: [`${shownCaller(signal)} shut ${project} down`], severity: 'medium', confidence: 0.5 };
    const to = text(at(signal.request, 'destinationParent'));
    return {
      because: [`${shownCaller(signal)} moved ${project}${to === undefined ? '' : ` to ${quote(to, 100)}`}`],
    };
  },
});
