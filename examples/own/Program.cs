using System.Numerics.Tensors;
using Ops.Com.Example;
using Ops.Preview;
using Ops.Schemas;

// An op by its typed method.
Tensor<float> x = Tensor.Create<float>([-1f, 0f, 1f, 2f]);
Console.WriteLine($"Swoosh: {string.Join(", ", Swoosh.Run<float>(x, sharpness: 2).ToArray())}");

// By name, as a graph finds it: the assembly's ops are in the registry.
OpDefinition definition = OpRegistry.Get("com.example", "Swoosh", opset: 1);
Console.WriteLine($"{definition.Schema}: kernel {definition.Schema.Kernel}, {(definition.Expand is null ? "no body" : "with a body")}");

// A modifier of this project's YAML, compiled into the attention kernel.
const int Tokens = 256, Width = 64;
float[] numbers = [.. Enumerable.Range(0, Tokens * Width).Select(i => MathF.Sin(i * 0.7f))];
Tensor<float> tokens = Tensor.Create(numbers, [1, 1, Tokens, Width]);
var y = Tensor.CreateFromShape<float>([1, 1, Tokens, Width]);
FlexAttention.RunInto<float, WindowedAttention.CappedWindow>(tokens, tokens, tokens, y, new WindowedAttention.CappedWindow());
Console.WriteLine($"WindowedAttention.CappedWindow: row 0 is its own value: {y[0, 0, 0, 5] == tokens[0, 0, 0, 5]}");
