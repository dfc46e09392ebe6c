import { projectMoved } from '../../../../shared/detection/rules/project-moved.ts';
import { adminCases } from '../admin-cases.ts';

describe('project-moved', () => {
  adminCases(
    projectMoved,
    {
      service: 'cloudresourcemanager.googleapis.com',
      method: 'MoveProject',
      request: { name: 'projects/104857600000', destinationParent: 'folders/123456789012' },
    },
    {
      fires: [
        ['by version 3 of the API', { method: 'google.cloud.resourcemanager.v3.Projects.MoveProject' }],
        ['to where the entry does not tell', { request: undefined }],
        ['shut down', { method: 'DeleteProject' }, { severity: 'medium', confidence: 0.5 }],
      ],
      misses: [
        ['renamed', { method: 'UpdateProject' }],
        ['made', { method: 'CreateProject' }],
        ['brought back', { method: 'UndeleteProject' }],
      ],
    },
  );
});
