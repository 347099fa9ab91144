"""Writes recurrent.json: results and gradients of torch.nn.GRU and torch.nn.LSTM, made by PyTorch 2.15.0 (CPU), seed 5.

Each case: sizes, options, operands, and gradients of sum(output * g) + sum(h_n * g_h) + sum(c_n * g_c). Run beside this file: python make-recurrent-fixtures.py
"""
import json, pathlib
import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

torch.manual_seed(5)
cases = []
for cell in ("gru", "lstm"):
    for bidirectional, batch_first, lengths, initial in [
        (False, True, None, False), (True, False, None, True), (False, False, [3, 5, 1], True), (True, True, [2, 5, 4], True),
    ]:
        steps, batch, inputs, units = 5, 3, 4, 6
        directions = 2 if bidirectional else 1
        layer = (torch.nn.GRU if cell == "gru" else torch.nn.LSTM)(inputs, units, batch_first=batch_first, bidirectional=bidirectional).double()
        x = torch.randn(*((batch, steps) if batch_first else (steps, batch)), inputs, dtype=torch.double, requires_grad=True)
        state = torch.randn(directions, batch, units, dtype=torch.double, requires_grad=True)
        cells = torch.randn(directions, batch, units, dtype=torch.double, requires_grad=True)
        start = (state if cell == "gru" else (state, cells)) if initial else None
        packed = x if lengths is None else pack_padded_sequence(x, torch.tensor(lengths), batch_first=batch_first, enforce_sorted=False)
        output, last = layer(packed, start)
        if lengths is not None:
            output, _ = pad_packed_sequence(output, batch_first=batch_first, total_length=steps)
        last = (last,) if cell == "gru" else last
        gradients = [torch.randn_like(t) for t in (output, *last)]
        sum((t * g).sum() for t, g in zip((output, *last), gradients)).backward()
        weights = [p for _, p in layer.named_parameters()]
        leaves = [x, *weights] + ([] if not initial else [state] if cell == "gru" else [state, cells])
        flat = lambda t: [round(v, 9) for v in t.detach().flatten().tolist()]
        cases.append({
            "cell": cell, "bidirectional": bidirectional, "batchFirst": batch_first, "lengths": lengths, "initial": initial,
            "shapes": [list(t.shape) for t in leaves], "inputs": [flat(t) for t in leaves], "gradients": [flat(t.grad) for t in leaves],
            "results": [flat(t) for t in (output, *last)], "resultGradients": [flat(t) for t in gradients],
        })
text = json.dumps({"torch": torch.__version__, "cases": cases}, separators=(",", ":"))
pathlib.Path(__file__).with_name("recurrent.json").write_text(text.replace('{"cell"', '\n{"cell"') + "\n")
