import { serialConsoleConnected } from '../../../../shared/detection/rules/serial-console-connected.ts';
import { adminCases } from '../admin-cases.ts';

describe('serial-console-connected', () => {
  adminCases(
    serialConsoleConnected,
    {
      service: 'ssh-serialport.googleapis.com',
      method: 'google.ssh-serialport.v1.connect',
      resourceName: 'projects/p1/zones/europe-west1-b/instances/node-1/SerialPort/1',
    },
    {
      fires: [['under whatever name', { resourceName: undefined }]],
      misses: [['the end of one', { method: 'google.ssh-serialport.v1.disconnect' }]],
    },
  );
});
