using System.Reflection;
using Ops.Schemas;
using Ops.Specs.Evaluation;
using Ops.Specs.Inference;
using Ops.Specs.Symbolic;
using Ops.Specs.Types;
using Ops.Tensors;

namespace Ops.Tests.Specs;

/// <summary>What checks of bodies know of methods that specs leave to C# is what C# computes.</summary>
[TestClass]
public sealed class HostMethodTests
{
    public static IEnumerable<object[]> Known => HostMethods.Known.Select(m => new object[] { m.Op, m.Method });

    [TestMethod]
    [DynamicData(nameof(Known))]
    public void It_gives_what_the_ops_own_method_gives(string op, string method)
    {
        MethodInfo own = typeof(OpRegistry).Assembly.GetType($"Ops.{op}")!.GetMethods(BindingFlags.Static | BindingFlags.NonPublic)
            .Single(m => m.Name == method);
        Type[] types = [.. own.GetParameters().Select(p => p.ParameterType)];
        var random = new Random(11);
        int values = 0;
        for (int i = 0; i < 400; i++)
        {
            ElementType element = random.Next(2) == 0 ? ElementType.Float : ElementType.Int64;
            (object? Known, object Given)[] arguments = [.. types.Select(t => Argument(t, element, random))];
            object given = own.Invoke(null, [.. arguments.Select(a => a.Given)])!;
            object? wanted = given switch
            {
                Dim { IsKnown: true } dim => (double)dim.Value,
                Dim { IsUnknown: true } => null,
                Dim => typeof(InvalidValueException),
                _ => given
            };
            object? known;
            try
            {
                known = HostMethods.Call(op, method, [.. arguments.Select(a => a.Known)]);
            }
            catch (InvalidValueException)
            {
                known = typeof(InvalidValueException);
            }
            // What is not known here is for C# alone to know.
            if (known is null)
                continue;
            Assert.AreEqual(wanted, known, string.Join(", ", arguments.Select(a => a.Given)));
            values++;
        }
        Assert.IsGreaterThan(100, values);
    }

    private static (object? Known, object Given) Argument(Type type, ElementType element, Random random)
    {
        bool unknown = random.Next(10) == 0;
        if (type == typeof(Dim))
        {
            long number = random.Next(0, 12);
            return unknown ? (null, Dim.Unknown) : ((double)number, (Dim)number);
        }
        if (type == typeof(ElementType))
            return (element, element);
        Assert.AreEqual(typeof(TensorType), type);
        double real = element == ElementType.Float ? random.Next(-12, 24) / 4.0 : random.Next(-5, 9);
        TensorValue value = element == ElementType.Float ? TensorValue.From<float>([(float)real]) : TensorValue.From<long>([(long)real]);
        return unknown ? (new TensorFacts(element, []), TensorType.Of(element))
            : (new TensorFacts(element, [], [real]), value.ToTensorType());
    }
}
