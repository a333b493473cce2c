import { describe, expect, it } from 'vitest';
import { driverIds, findDriver } from '../../drivers/registry.ts';

describe('every driver says where its instrument is', () => {
  const SCPI = { family: 'keysight-n5700', model: 'N5769A', voltageNominal_V: 100, currentNominal_A: 15 };
  const BATH = { temperatureMin_degC: 5, temperatureMax_degC: 90 };
  const SMU = {
    model: '2460',
    serial: '04415460',
    drive: 'voltage',
    terminals: 'rear',
    wires: 4,
    currentRange_A: 4,
    voltageRange_V: 10,
  };
  const LOGGER = {
    model: 'DAQ970A',
    serial: 'MY58000001',
    channels: [
      {
        name: 'cell_degC',
        at: 101,
        thermocouple: 'K',
        range: [-50, 200],
        accuracy: { reading_pct: 0, abs: 1, basis: 'default' },
      },
    ],
  };
  const OPTIONS: Readonly<Record<string, readonly (readonly [options: unknown, endpoint: string])[]>> = {
    'ea/psb-10000': [
      [
        { host: '192.168.0.20', voltageNominal_V: 360, currentNominal_A: 80, powerNominal_W: 10_000 },
        'tcp://192.168.0.20:5025',
      ],
      [
        {
          host: '192.168.0.20',
          modbusTcpPort: 502,
          voltageNominal_V: 360,
          currentNominal_A: 80,
          powerNominal_W: 10_000,
        },
        'tcp://192.168.0.20:502',
      ],
    ],
    'generic/modbus-map': [
      [{ host: '192.168.0.21', port: 1502, map: 'm.yaml' }, 'tcp://192.168.0.21:1502'],
      [{ path: '/dev/ttyUSB0', baud: 19200, parity: 'even', map: 'm.yaml' }, '/dev/ttyUSB0'],
      [{ host: '192.168.0.22', port: 502, family: 'adam-6050' }, 'tcp://192.168.0.22:502'],
    ],
    'generic/scpi': [
      [{ host: '192.168.0.23', port: 5025, ...SCPI }, 'tcp://192.168.0.23:5025'],
      [{ path: '/dev/ttyUSB2', baud: 9600, ...SCPI }, '/dev/ttyUSB2'],
    ],
    'generic/impedance-json': [
      [
        {
          host: '192.168.0.50',
          port: 7000,
          name: 'FRA',
          band_Hz: [0.01, 1e5],
          accuracy: { modulus_pct: 1, phase_deg: 1, basis: 'default' },
        },
        'tcp://192.168.0.50:7000',
      ],
    ],
    'bronkhorst/propar': [
      [
        {
          path: '/dev/ttyUSB1',
          baud: 38400,
          instruments: [{ name: 'cathodePressure_barg', node: 3, capacity: 40 }],
        },
        '/dev/ttyUSB1',
      ],
    ],
    'palmsens/methodscript': [
      [{ path: '/dev/ttyACM0', model: 'es4_hr', serial: 'ES4HR20B0007' }, '/dev/ttyACM0'],
      [{ host: '192.168.0.60', port: 5000, model: 'nexus1', serial: 'NX1' }, 'tcp://192.168.0.60:5000'],
    ],
    'generic/thermal': [
      [{ path: '/dev/ttyUSB3', baud: 4800, family: 'julabo', ...BATH }, '/dev/ttyUSB3'],
      [{ path: '/dev/ttyUSB6', baud: 9600, family: 'huber-lai', ...BATH }, '/dev/ttyUSB6'],
      [{ host: '192.168.0.24', port: 54321, family: 'lauda', ...BATH }, 'tcp://192.168.0.24:54321'],
    ],
    'iorodeo/rodeostat': [
      [
        { path: '/dev/ttyACM1', variant: 'nano', deviceId: 0, voltageRange: '1V', currentRange: '100uA' },
        '/dev/ttyACM1',
      ],
    ],
    'keithley/source-meter': [
      [{ host: '192.168.0.50', ...SMU }, 'tcp://192.168.0.50:5025'],
      [{ path: '/dev/ttyUSB4', ...SMU }, '/dev/ttyUSB4'],
    ],
    'keysight/data-logger': [[{ host: '192.168.0.51', ...LOGGER }, 'tcp://192.168.0.51:5025']],
    'arbin/cti': [
      [
        { host: '192.168.0.72', channel: 14, currentMax_A: 10, voltageMax_V: 5 },
        'tcp://192.168.0.72:9031/14',
      ],
    ],
    'maccor/macnet': [
      [{ host: '192.168.0.71', channel: 4, currentMax_A: 10, voltageMax_V: 5 }, 'tcp://192.168.0.71:57570/4'],
    ],
    'brooks/s-protocol': [
      [
        {
          path: '/dev/ttyUSB6',
          instruments: [{ name: 'f_NL_per_min', tag: '20902001', capacity: 1 }],
        },
        '/dev/ttyUSB6',
      ],
    ],
    'kolibrik/cvm': [
      [{ path: '/dev/ttyUSB5', modules: [{ address: 161, model: 'CVM24P', cells: 24 }] }, '/dev/ttyUSB5'],
    ],
    'mks/g-series': [[{ path: '/dev/ttyUSB7', capacity: 1 }, '/dev/ttyUSB7']],
    'neware/bts-8': [
      [
        {
          host: '192.168.0.70',
          channel: { devtype: 27, devid: 21, subdevid: 1, chlid: 2 },
          currentMax_A: 12,
          voltageMax_V: 5,
        },
        'tcp://192.168.0.70:502/127.0.0.1/27-21-1-2',
      ],
    ],
    'opcua/lads': [
      [
        {
          endpoint: 'opc.tcp://10.0.0.1:4840',
          device: { name: 'a', model: 'b', serialNumber: 'c' },
          controllers: [{ function: 'u/f', runs: { name: 'run_on' } }],
        },
        'opc.tcp://10.0.0.1:4840',
      ],
    ],
    'opcua/plc': [[{ endpoint: 'opc.tcp://10.0.0.1:4840', nodes: 'n.yaml' }, 'opc.tcp://10.0.0.1:4840']],
  };

  it.each(driverIds)('%s', id => {
    const driver = findDriver(id);
    for (const [options, endpoint] of OPTIONS[id])
      expect(driver.endpoint(driver.options.parse(options))).toBe(endpoint);
  });
});
