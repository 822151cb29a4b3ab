import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, loadConfig, readConfig } from '../../config/index.ts';

const faultsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
};

describe('config', () => {
  it('has a value for everything that may be left out', () => {
    const config = readConfig({});
    expect(config).to.include({
      host: '127.0.0.1',
      port: 3000,
      zone: 'Europe/Helsinki',
      country: 'FI',
      trustProxy: false,
    });
    expect(config.mongodbUri).to.equal(undefined);
    expect(config.ownDomains).to.deep.equal([]);
    expect(Object.isFrozen(config)).to.equal(true);
  });

  it('takes a password of the first administrator alone, and the address that is its default', () => {
    expect(readConfig({ TALTEEN_ADMIN_PASSWORD: 'long enough it is' }).adminEmail).to.equal(undefined);
    expect(readConfig({ TALTEEN_ADMIN_EMAIL: 'admin@localhost' }).adminEmail).to.equal('admin@localhost');
  });

  it('has own domains as addresses are compared: in ASCII, whatever they are written in', () => {
    const { ownDomains } = readConfig({ TALTEEN_OWN_DOMAINS: 'pähkinä.example, Größe.example,hub.example' });
    expect(ownDomains).to.eql(['xn--phkin-grae.example', 'xn--gre-6ka8i.example', 'hub.example']);
    expect(faultsOf({ TALTEEN_OWN_DOMAINS: 'xn--ä.example' })).to.have.lengthOf(1);
  });

  it('reads every setting', () => {
    const config = readConfig({
      HOST: '0.0.0.0',
      PORT: '0',
      TALTEEN_DATA: '/srv/talteen',
      MONGODB_URI: 'mongodb://db/x',
      TALTEEN_PUBLIC_URL: 'https://Hub.example/',
      TALTEEN_TRUST_PROXY: 'loopback, 10.0.0.0/8',
      TALTEEN_SECRET: 's'.repeat(32),
      TALTEEN_SECRET_PREVIOUS: 'p'.repeat(32),
      TALTEEN_ADMIN_EMAIL: 'Admin@Hub.example',
      TALTEEN_ADMIN_PASSWORD: 'long enough it is',
      TALTEEN_API_TOKEN: 't'.repeat(32),
      TALTEEN_TIMEZONE: 'Europe/Stockholm',
      TALTEEN_COUNTRY: 'se',
      TALTEEN_OWN_DOMAINS: 'Hub.example, tuki.hub.example',
      TALTEEN_OUTGOING_HOSTS: 'login.example,127.0.0.1:8080,[::1]:8443',
      LOG_LEVEL: 'warn',
    });
    expect(config).to.deep.include({
      port: 0,
      publicUrl: 'https://hub.example',
      trustProxy: ['loopback', '10.0.0.0/8'],
      adminEmail: 'admin@hub.example',
      country: 'SE',
      ownDomains: ['hub.example', 'tuki.hub.example'],
      outgoingHosts: ['login.example', '127.0.0.1:8080', '[::1]:8443'],
      logLevel: 'warn',
    });
    expect(readConfig({ TALTEEN_TRUST_PROXY: '2' }).trustProxy).to.equal(2);
    expect(readConfig({ TALTEEN_TRUST_PROXY: 'true' }).trustProxy).to.equal(1);
  });

  it('names every fault at once, with what was expected and without the value', () => {
    const env = {
      PORT: '70000',
      MONGODB_URI: 'postgres://u:hunter2@db',
      TALTEEN_PUBLIC_URL: 'https://hub.example/path',
      TALTEEN_TRUST_PROXY: 'everybody',
      TALTEEN_SECRET: 'hunter2',
      TALTEEN_SECRET_PREVIOUS: 'hunter2',
      TALTEEN_ADMIN_EMAIL: 'nobody',
      TALTEEN_ADMIN_PASSWORD: 'hunter2',
      TALTEEN_API_TOKEN: 'hunter2',
      TALTEEN_TIMEZONE: 'Mars/Olympus',
      TALTEEN_COUNTRY: 'Finland',
      TALTEEN_OWN_DOMAINS: 'not a domain',
      TALTEEN_OUTGOING_HOSTS: 'host:99999',
      LOG_LEVEL: 'loud',
    };
    const faults = faultsOf(env);
    for (const name of Object.keys(env)) {
      expect(
        faults.filter(fault => fault.startsWith(`${name}: `)),
        name,
      ).to.have.length(1);
    }
    expect(faults.join('\n')).not.to.include('hunter2');
  });

  it('knows proxies and databases that can not be meant', () => {
    for (const good of ['10.0.0.0/8', '10.0.0.0/255.0.0.0', 'fd00::/8', '::1', 'loopback,192.0.2.7']) {
      expect(faultsOf({ TALTEEN_TRUST_PROXY: good }), good).to.eql([]);
    }
    for (const bad of ['10.0.0.0/33', '10.0.0.0/abc', '10.0.0.0/', '10.0.0.0/0', '10.0.0.0/255.0.255.0', '::/129']) {
      expect(faultsOf({ TALTEEN_TRUST_PROXY: bad }), bad).to.have.length(1);
    }
    const uri = (MONGODB_URI: string) => faultsOf({ MONGODB_URI, TALTEEN_SECRET: 's'.repeat(32) });
    for (const good of [
      'mongodb://db',
      'mongodb://u:p%40ss@db:27017,[::1]:27018/talteen?replicaSet=rs0&readConcernLevel=majority',
      'mongodb+srv://u:p@cluster0.example/?retryWrites=true&w=majority',
      'mongodb://%2Fsrv%2Fdata%2Frun%2Fmongod.sock/?directConnection=true',
    ]) {
      expect(uri(good), good).to.eql([]);
    }
    for (const bad of [
      'mongodb://u:p@ss@127.0.0.1:20090/x',
      'mongodb://u:p:q@db/x',
      'mongodb://127.0.0.1:port/x',
      'mongodb:///x',
      'mongodb://db/x?readConcernLevel=available',
    ]) {
      expect(uri(bad), bad).to.have.length(1);
    }
    expect(faultsOf({ LOG_LEVEL: 'INFO' })[0]).to.match(/^LOG_LEVEL: expected one of fatal/);
  });

  it('wants what another setting needs', () => {
    expect(faultsOf({ MONGODB_URI: 'mongodb://db' })[0]).to.match(/^TALTEEN_SECRET: required with MONGODB_URI/);
    expect(faultsOf({ TALTEEN_SECRET_PREVIOUS: 'p'.repeat(32) })[0]).to.match(/^TALTEEN_SECRET: required/);
  });

  it('tells of variables that mean nothing, and takes empty ones for none', () => {
    expect(readConfig({ TALTEEN_SECERT: 'x', TALTEEN_TIMEZONE: ' ' })).to.deep.include({
      unknown: ['TALTEEN_SECERT'],
      zone: 'Europe/Helsinki',
    });
  });

  it('reads .env for what the environment has not', () => {
    const folder = mkdtempSync(join(tmpdir(), 'talteen-config-'));
    const before = { ...process.env };
    try {
      writeFileSync(join(folder, '.env'), 'TALTEEN_COUNTRY=EE\nTALTEEN_TIMEZONE=Europe/Tallinn\n');
      process.env.TALTEEN_COUNTRY = 'SE';
      expect(loadConfig(join(folder, '.env'))).to.include({ country: 'SE', zone: 'Europe/Tallinn' });
      expect(loadConfig(join(folder, 'none')).country).to.equal('SE');
      process.env.TALTEEN_DATA = join(folder, '.env');
      process.env.TALTEEN_TIMEZONE = 'Mars/Olympus';
      expect(() => loadConfig(folder)).to.throw(
        ConfigError,
        /expected a file that can be read\n {2}TALTEEN_DATA: expected a folder\n {2}TALTEEN_TIMEZONE/,
      );
    } finally {
      for (const name of ['TALTEEN_COUNTRY', 'TALTEEN_TIMEZONE', 'TALTEEN_DATA']) {
        if (before[name] === undefined) delete process.env[name];
        else process.env[name] = before[name];
      }
      rmSync(folder, { recursive: true });
    }
  });
});
