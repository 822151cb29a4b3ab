import { connectStore } from '/work/main/server/store/connect.ts';
import { makeAccess } from '/work/main/server/access/index.ts';
import { makeApp } from '/work/main/server/app.ts';
import { makeLog } from '/work/main/server/logging.ts';
import { createServer } from 'node:http';
import { Agent, request } from 'node:http';
const store = await connectStore('mongodb://127.0.0.1:27999/pg?directConnection=true');
const m = store.models;
const access = makeAccess({ models: m });
const { token } = await access.tokens.create({ name: 'b', role: 'agent', account: null });
await access.users.create({email:`u${Date.now()}@x.example`,name:'',role:'agent',accounts:null,password:'long enough'}).then(async u=>{(globalThis as any).sess=(await access.sessions.create(u._id)).value});
if (process.env.NOLOG) (access.log as any).record = async () => {};
if (process.env.W1) { const col = m.accessLog.collection as any; (access.log as any).record = async (w:any,r:any)=>{ await col.insertOne({_id:String(Math.random()),at:new Date(),who:w.id,whoName:w.name,action:r.action,contact:r.contact,interaction:null},{writeConcern:{w:1,j:process.env.W1==='j'}}); }; }
const app = makeApp({ models: m, access, log: makeLog('info'), register:{contacts:{},organisations:{}}, connectors:new Map(), zone:'Europe/Helsinki', country:'FI', dataDir:'/tmp/hE', publicUrl: undefined, trustProxy:false } as never);
const server = createServer(app); await new Promise<void>(r=>server.listen(0,'127.0.0.1',r));
const port=(server.address() as any).port;
const agent = new Agent({keepAlive:true});
const get = (path: string, headers: any) => new Promise<number>((res,rej)=>{ const q=request({host:'127.0.0.1',port,path,agent,headers},r=>{let n=0;r.on('data',d=>n+=d.length);r.on('end',()=>r.statusCode===200?res(n):rej(new Error(String(r.statusCode))))});q.on('error',rej);q.end();});
const time = async (name: string, f: () => Promise<unknown>) => { const t:number[]=[]; for(let i=0;i<600;i++){const s=performance.now(); await f(); t.push(performance.now()-s);} t.sort((a,b)=>a-b); console.log(name,'p50',t[300]!.toFixed(2),'p95',t[570]!.toFixed(2)); return t[300]!; };
const bare = (f: object) => () => m.timeline.collection.find({contact:'c0',...f} as never,{sort:{occurredAt:-1,_id:-1},limit:50}).toArray();
const auth={authorization:`Bearer ${token}`}; const cookie={cookie:`talteen_session=${(globalThis as any).sess}`};
for (let r=0;r<2;r++){
 const b = await time('bare', bare({}));
 const a = await time('http token', () => get('/api/v1/contacts/c0/timeline', auth));
 const c = await time('http cookie', () => get('/api/v1/contacts/c0/timeline', cookie));
 await time('bare ch', bare({channel:'sms'}));
 await time('http ch', () => get('/api/v1/contacts/c0/timeline?channel=sms', auth));
 await time('auth only', () => get('/api/v1/session', auth));
 await time('openapi', () => get('/healthz', {}));
 console.log('above', (a-b).toFixed(2), (c-b).toFixed(2));
}
server.close(); agent.destroy(); await store.close();
