import { APPLY, type Broken, named, tellsOf, unreadable, without } from '../broken.ts';

tellsOf('databases', [
  {
    what: 'a database that is gone',
    status: 'fail',
    subject: 'memory',
    says: /does not exist/,
    next: APPLY,
    breaks: (d) => {
      d.databases = without(d.databases, '/memory');
    },
  },
  ...(
    [
      ['in Datastore mode', { type: 'DATASTORE_MODE' }, 'fail', /in DATASTORE_MODE mode/],
      ['unprotected', { deleteProtectionState: 'DELETE_PROTECTION_DISABLED' }, 'warn', /deleted by mistake/],
      [
        'without history',
        { pointInTimeRecoveryEnablement: 'POINT_IN_TIME_RECOVERY_DISABLED' },
        'warn',
        /point-in-time/,
      ],
    ] as const
  ).map(
    ([what, change, status, says]): Broken => ({
      what: `a database ${what}`,
      status,
      subject: 'incidents',
      says,
      next: APPLY,
      breaks: (d) => Object.assign(named(d.databases, '/incidents'), change),
    }),
  ),
  {
    what: 'documents that nothing drops',
    status: 'warn',
    subject: 'incidents',
    says: /no time to live on expireAt in requests/,
    next: APPLY,
    breaks: (d) => {
      d.fields = d.fields.filter(({ name }) => !String(name).includes('/requests/'));
    },
  },
  {
    what: 'a time to live that does nothing',
    status: 'warn',
    subject: 'incidents',
    says: /no time to live on expireAt in requests/,
    next: APPLY,
    breaks: (d) => {
      const field = d.fields.find(({ name }) => String(name).includes('/requests/'));
      Object.assign(field ?? {}, { ttlConfig: { state: 'NEEDS_REPAIR' } });
    },
  },
  unreadable('firestore /', 'roles/datastore.viewer'),
]);
