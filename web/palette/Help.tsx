export default (_: Record<string, unknown>) => null;
