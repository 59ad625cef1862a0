import assert from "node:assert/strict";
import { test } from "node:test";
import { Questions } from "../../../qpsviz/web/js/page/questions.js";
import { QuestionQueue } from "../../../qpsviz/web/js/tabs/frame/queue.js";

/** Questions of a view, and what they sent. */
function asked(asker) {
  const sent = [];
  return { sent, questions: new Questions({ send: (content) => sent.push(content) }, asker) };
}

test("each question gets the answer of its own number, in whatever order they come", async () => {
  const { questions, sent } = asked("a");
  const [link, file] = [questions.ask("link", {}), questions.ask("file", { name: "run.npz" })];
  assert.deepEqual(sent, [
    { ask: "link", number: 1, asker: "a" },
    { ask: "file", name: "run.npz", number: 2, asker: "a" },
  ]);
  questions.take({ number: 2, asker: "a", file: "run.npz" }, ["octets"]);
  questions.take({ number: 1, asker: "a", link: "seed=1" }, []);
  assert.equal((await link).link, "seed=1");
  assert.deepEqual((await file).buffers, ["octets"]);
  assert.deepEqual(questions.since(), []);
});

test("an answer to another view is not taken, though its number is the same", () => {
  const { questions } = asked("a");
  questions.ask("link", {});
  questions.take({ number: 1, asker: "b", link: "seed=2" }, []);
  assert.equal(questions.since().length, 1);
});

test("a refusal and the end of the kernel are errors with their words", async () => {
  const { questions } = asked("a");
  const [refused, open] = [questions.ask("code", {}), questions.ask("link", {})];
  questions.take({ number: 1, asker: "a", error: "no such preset" }, []);
  questions.end("the kernel has ended");
  await assert.rejects(refused, { message: "no such preset" });
  await assert.rejects(open, { message: "the kernel has ended" });
});

test("a queue asks one question at a time, and the newest of each kind", async () => {
  const done = [];
  const answers = [];
  const queue = new QuestionQueue((kind, make) => {
    done.push([kind, make().number]);
    return new Promise((resolve) => answers.push(resolve));
  });
  const finished = queue.add("follow", () => ({ number: 1 }));
  queue.add("follow", () => ({ number: 2 }));
  queue.add("paste", () => ({ number: 3 }));
  queue.add("follow", () => ({ number: 4 }));
  assert.deepEqual(done, [["follow", 1]]);
  assert.ok(queue.has("follow"));
  assert.ok(!queue.isIdle);
  while (answers.length) {
    answers.shift()();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await finished;
  assert.deepEqual(done, [
    ["follow", 1],
    ["follow", 4],
    ["paste", 3],
  ]);
  assert.ok(!queue.has("follow"));
  assert.ok(queue.isIdle);
});
