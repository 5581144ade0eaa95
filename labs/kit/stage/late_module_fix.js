// anywidget gives a module two seconds to load. On a telephone, or in a page that is heavy, it comes later: its model then hears
// nothing of the kernel ever after, though it is drawn and can speak. Such a model is made to hear as every other widget does.

export async function hear(model, mended = () => {}) {
  let own; // anywidget gives only this away of its model, and the model itself to who hears a change
  const changed = (whole) => { own = whole; };
  model.on("change:heard", changed);
  model.set?.("heard", true);
  model.off("change:heard", changed);
  if (!own?.comm) return; // a recording
  const anywidgets = Object.getPrototypeOf(own);
  const deaf = await anywidgets._handle_comm_msg.call(own, { content: { data: {} } }).then(() => false, () => true);
  if (!deaf) return;
  own.comm.on_msg(Object.getPrototypeOf(anywidgets)._handle_comm_msg.bind(own));
  own.comm.send({ method: "request_state" }, {});
  mended();
}
