using Ops.Schemas;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Operators;

/// <summary>The recurrent ops against their equations in double, one neuron at a time.</summary>
[TestClass]
public sealed class RecurrentTests
{
    private static readonly Dictionary<string, Func<double, double>> Functions = new()
    {
        ["Tanh"] = Math.Tanh,
        ["Sigmoid"] = x => 1 / (1 + Math.Exp(-x)),
        ["Relu"] = x => Math.Max(x, 0),
        ["Softsign"] = x => x / (1 + Math.Abs(x)),
        ["Softplus"] = x => Math.Log(1 + Math.Exp(x)),
        ["LeakyRelu"] = x => x >= 0 ? x : 0.25 * x,
        ["HardSigmoid"] = x => Math.Clamp((0.25 * x) + 0.5, 0, 1),
    };

    public static IEnumerable<object[]> Calls =>
        from op in new[] { "RNN", "GRU", "LSTM" }
        from direction in new[] { "forward", "reverse", "bidirectional" }
        from type in new[] { ElementType.Float, ElementType.Double, ElementType.Float16 }
        select new object[] { op, direction, type };

    [TestMethod]
    [DynamicData(nameof(Calls))]
    public void StatesAreThoseOfTheEquations(string op, string direction, ElementType type)
    {
        var random = new Random(op.Length + direction.Length);
        for (int round = 0; round < 12; round++) new Layer(random, op, direction, type).Check();
    }

    private sealed class Layer
    {
        private readonly Random _random;
        private readonly string _op, _direction;
        private readonly ElementType _type;
        private readonly int _steps, _batch, _features, _size, _directions, _gates;
        private readonly bool _batchFirst, _linear, _coupled;
        private readonly double _clip;
        private readonly string[] _activations;
        private readonly double[] _x, _w, _r, _b, _h, _c, _p;
        private readonly int[] _lengths;

        public Layer(Random random, string op, string direction, ElementType type)
        {
            (_random, _op, _direction, _type) = (random, op, direction, type);
            (_steps, _batch, _features, _size) = (random.Next(1, 6), random.Next(1, 5), random.Next(1, 7), random.Next(1, 20));
            (_directions, _gates) = (direction == "bidirectional" ? 2 : 1, op == "RNN" ? 1 : op == "GRU" ? 3 : 4);
            (_batchFirst, _linear, _coupled) = (random.Next(2) == 0, op == "GRU" && random.Next(2) == 0, op == "LSTM" && random.Next(3) == 0);
            _clip = random.Next(3) == 0 ? 0.75 : double.PositiveInfinity;
            int functions = op == "RNN" ? 1 : op == "GRU" ? 2 : 3;
            _activations = [.. Enumerable.Range(0, functions * _directions).Select(_ => random.GetItems([.. Functions.Keys], 1)[0])];
            _x = Numbers(_steps * _batch * _features);
            _w = Numbers(_directions * _gates * _size * _features);
            _r = Numbers(_directions * _gates * _size * _size);
            _b = Numbers(_directions * 2 * _gates * _size);
            (_h, _c) = (Numbers(_directions * _batch * _size), Numbers(_directions * _batch * _size));
            _p = Numbers(_directions * 3 * _size);
            _lengths = [.. Enumerable.Range(0, _batch).Select(_ => random.Next(_steps + 1))];
        }

        public void Check()
        {
            long[] states = _batchFirst ? [_batch, _directions, _size] : [_directions, _batch, _size];
            TensorValue Tensor(double[] values, params long[] dims) => Elements.Of(_type, values, dims);
            List<TensorValue?> inputs =
            [
                Tensor(_x, _batchFirst ? [_batch, _steps, _features] : [_steps, _batch, _features]),
                Tensor(_w, _directions, _gates * _size, _features), Tensor(_r, _directions, _gates * _size, _size),
                Tensor(_b, _directions, 2 * _gates * _size), TensorValue.From<int>(_lengths, _batch), Tensor(_h, states),
            ];
            if (_op == "LSTM") inputs.AddRange([Tensor(_c, states), Tensor(_p, _directions, 3 * _size)]);
            var attributes = new Dictionary<string, object>
            {
                ["activations"] = _activations,
                ["activation_alpha"] = _activations.Where(a => a is "LeakyRelu" or "HardSigmoid").Select(_ => 0.25f).ToArray(),
                ["direction"] = _direction,
                ["hidden_size"] = (long)_size,
                ["layout"] = _batchFirst ? 1L : 0L,
            };
            if (double.IsFinite(_clip)) attributes["clip"] = (float)_clip;
            if (_op == "GRU") attributes["linear_before_reset"] = _linear ? 1L : 0L;
            if (_op == "LSTM") attributes["input_forget"] = _coupled ? 1L : 0L;
            var call = new OpCall(inputs, new AttributeValues(attributes), [.. Enumerable.Repeat(true, _op == "LSTM" ? 3 : 2)]);
            OpRegistry.Get("ai.onnx", _op, long.MaxValue).Run!(call);
            double[][] wanted = Wanted();
            for (int i = 0; i < call.Outputs.Length; i++)
            {
                double[] found = Elements.Reals(call.Outputs[i]!);
                Assert.HasCount(wanted[i].Length, found);
                double tolerance = _type == ElementType.Float16 ? 2e-2 : _type == ElementType.Float ? 1e-5 : 1e-12;
                for (int j = 0; j < found.Length; j++)
                    Assert.AreEqual(wanted[i][j], found[j], tolerance * Math.Max(1, Math.Abs(wanted[i][j])),
                        $"output {i} at {j}: {string.Join(", ", attributes.Select(a => $"{a.Key} = {a.Value}"))}");
            }
        }

        private double[] Numbers(int count) =>
            Elements.Reals(Elements.Of(_type, [.. Enumerable.Range(0, count).Select(_ => _random.NextDouble() - 0.5)], count));

        /// <summary>The states after each step, those after the last one, and the cells.</summary>
        private double[][] Wanted()
        {
            double[] all = new double[_steps * _directions * _batch * _size], last = new double[_directions * _batch * _size],
                cells = new double[last.Length];
            for (int d = 0; d < _directions; d++)
            {
                for (int n = 0; n < _batch; n++)
                {
                    int row = (_batchFirst ? (n * _directions) + d : (d * _batch) + n) * _size;
                    double[] h = _h[row..(row + _size)], c = _c[row..(row + _size)];
                    for (int step = 0; step < _lengths[n]; step++)
                    {
                        int time = _direction == "reverse" || d == 1 ? _lengths[n] - 1 - step : step;
                        (h, c) = Step(d, (_batchFirst ? (n * _steps) + time : (time * _batch) + n) * _features, h, c);
                        int place = _batchFirst ? (((n * _steps) + time) * _directions) + d : (((time * _directions) + d) * _batch) + n;
                        h.CopyTo(all, place * _size);
                    }

                    h.CopyTo(last, row);
                    c.CopyTo(cells, row);
                }
            }

            return [all, last, cells];
        }

        private (double[] H, double[] C) Step(int d, int x, double[] h, double[] c)
        {
            double Input(int gate, int i) => Enumerable.Range(0, _features)
                .Sum(f => _w[(((((d * _gates) + gate) * _size) + i) * _features) + f] * _x[x + f]) + Bias(0, gate, i);
            double State(int gate, int i, double[] state) => Enumerable.Range(0, _size)
                .Sum(j => _r[(((((d * _gates) + gate) * _size) + i) * _size) + j] * state[j]);
            double Bias(int side, int gate, int i) => _b[(((((2 * d) + side) * _gates) + gate) * _size) + i];
            double Peephole(int gate, int i) => _p[(((3 * d) + gate) * _size) + i];
            double F(int function, double value) =>
                Functions[_activations[(d * _activations.Length / _directions) + function]](Math.Clamp(value, -_clip, _clip));
            double[] All(Func<int, double> of) => [.. Enumerable.Range(0, _size).Select(of)];
            double Gate(int gate, int i) => Input(gate, i) + State(gate, i, h) + Bias(1, gate, i);
            if (_op == "RNN") return (All(i => F(0, Gate(0, i))), c);
            if (_op == "GRU")
            {
                double[] z = All(i => F(0, Gate(0, i))), r = All(i => F(0, Gate(1, i))), reset = All(i => r[i] * h[i]);
                double[] next = All(i => F(1, Input(2, i) + (_linear ? r[i] * (State(2, i, h) + Bias(1, 2, i))
                    : State(2, i, reset) + Bias(1, 2, i))));
                return (All(i => ((1 - z[i]) * next[i]) + (z[i] * h[i])), c);
            }

            double[] take = All(i => F(0, Gate(0, i) + (Peephole(0, i) * c[i])));
            double[] keep = _coupled ? All(i => 1 - take[i]) : All(i => F(0, Gate(2, i) + (Peephole(2, i) * c[i])));
            double[] kept = All(i => (keep[i] * c[i]) + (take[i] * F(1, Gate(3, i))));
            return (All(i => F(0, Gate(1, i) + (Peephole(1, i) * kept[i])) * F(2, kept[i])), kept);
        }
    }
}
