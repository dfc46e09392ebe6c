import { execHiddenCommand } from '../../../../shared/detection/rules/exec-hidden-command.ts';
import { execOfCart, ruleCases } from '../cases.ts';

const BASE = execOfCart('sh -c echo aWQ= | base64 -d | sh');

describe('rule exec-hidden-command', () => {
  ruleCases(execHiddenCommand, BASE, {
    fires: [
      ['in quotes', { command: `sh -c 'echo "aWQ=" | base64 --decode | bash'` }],
      ['in hexadecimal', { command: 'sh -c echo 6964 | xxd -r -p | sh' }],
      ['turned around', { command: `sh -c 'echo "di" | rev | sh'` }],
      ['substituted', { command: `bash -c 'eval "$(echo aWQ= | base64 -d)"'` }],
      ['for Python', { command: 'sh -c echo aW1wb3J0IG9z | base64 -d | python3 -' }],
      ['decoded although it has garbage', { command: 'sh -c "echo aWQ= | base64 -di | sh"' }],
      ['by Python itself', { command: `python3 -c "import base64;exec(base64.b64decode('aWQ='))"` }],
      ['by Perl itself', { command: `perl -MMIME::Base64 -e 'system decode_base64("aWQ=")'` }],
      ['by PHP itself', { command: `php -r 'eval(base64_decode("aWQ="));'` }],
      ['encrypted', { command: 'sh -c cat /tmp/x | openssl enc -aes-256-cbc -d -k key | bash' }],
      ['refused', { code: 7 }, { severity: 'low', confidence: 0.45 }],
    ],
    misses: [
      ['decoded into a file', { command: 'sh -c echo aGk= | base64 -d > /tmp/config' }],
      ['decoded to be read', { command: `sh -c 'cat /x | base64 -d | jq .name'` }],
      ['decoded by Python to be read', { command: `python3 -c "import base64;print(base64.b64decode('aGk='))"` }],
      ['encoded', { command: 'sh -c tar c /data | base64' }],
      ['a script', { command: 'sh -c cat /opt/x.sh | sh' }],
      ['a script without its line ends', { command: `sh -c 'cat /opt/x.sh | tr -d "\\\\r" | sh'` }],
      ['letters that are changed', { command: `sh -c 'env | tr a-z A-Z'` }],
      ['no command in the log', { command: undefined }],
    ],
  });
});
